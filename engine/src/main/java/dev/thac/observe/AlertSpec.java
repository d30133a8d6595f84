package dev.thac.observe;

import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Optional;

/** One alert rule. The keys are described by their {@link Key} annotations. */
public record AlertSpec(
        @Key("The condition, for example lag > 300s.") String when,
        @Key(value = "How long it must hold.", orElse = "5m") Duration hold,
        @Key("Topic for alerts.") Optional<String> to,
        @Key("URL for alerts.") Optional<WebhookAlertSpec> webhook) {}
