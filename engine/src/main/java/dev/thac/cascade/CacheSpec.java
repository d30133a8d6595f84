package dev.thac.cascade;

import dev.thac.spec.Key;

import java.time.Duration;

/** Bounds of the answer cache. The keys are described by their {@link Key} annotations. */
public record CacheSpec(
        @Key(value = "How long an answer is good.", orElse = "24h") Duration expiry,
        @Key(value = "Entries kept.", orElse = "100000", min = 1) int size) {}
