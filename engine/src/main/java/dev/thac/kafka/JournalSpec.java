package dev.thac.kafka;

import dev.thac.spec.Key;

/**
 * Answers written at once, so that a crash never buys them again. The keys are described by their
 * {@link Key} annotations.
 */
public record JournalSpec(@Key(value = "Whether to write it.", orElse = "true") boolean enabled) {}
