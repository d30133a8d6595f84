package dev.thac.kafka;

import dev.thac.spec.DataSize;
import dev.thac.spec.Key;

import java.time.Duration;

/** Bounds of memory and waiting. The keys are described by their {@link Key} annotations. */
public record LimitsSpec(
        @Key(value = "Events being judged at once; intake waits beyond.", orElse = "10000", min = 1)
                int openEvents,
        @Key(value = "Bytes of those events.", orElse = "64MiB") DataSize openBytes,
        @Key(value = "Largest event accepted; larger ones are dead-lettered.", orElse = "1MiB")
                DataSize maxEvent,
        @Key(value = "Longest wait for open events at shutdown.", orElse = "25s") Duration drain) {}
