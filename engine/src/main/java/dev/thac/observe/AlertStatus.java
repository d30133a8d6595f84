package dev.thac.observe;

import java.time.Instant;
import java.util.Optional;

/**
 * Where an alert stands.
 *
 * @param alert its name
 * @param subject the model, tier or budget it is about; empty for the pipeline
 * @param phase inactive, pending or firing
 * @param severity how urgent it is
 * @param condition when it holds
 * @param figures the figures at which it holds, in words; empty where it does not
 * @param since since when it is in this phase; empty for inactive
 */
public record AlertStatus(
        String alert,
        String subject,
        AlertPhase phase,
        Severity severity,
        String condition,
        String figures,
        Optional<Instant> since) {}
