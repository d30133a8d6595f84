package dev.thac.enrich;

import dev.thac.spec.Key;

import java.time.Duration;

/** Bounds of a lookup cache. The keys are described by their {@link Key} annotations. */
public record LookupCacheSpec(
        @Key(value = "Entries kept.", orElse = "10000", min = 1) int size,
        @Key(value = "How long an answer is good.", orElse = "5m") Duration expiry) {}
