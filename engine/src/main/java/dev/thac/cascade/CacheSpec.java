package dev.thac.cascade;

import dev.thac.spec.DataSize;
import dev.thac.spec.Key;

import java.time.Duration;

/** Answers kept for identical input. The keys are described by their {@link Key} annotations. */
public record CacheSpec(
        @Key(
                        value =
                                "Which inputs are the same. exact: those that are equal."
                                    + " normalised: those that are equal but for case, white space"
                                    + " and the way accents are encoded (letters keep their"
                                    + " accents). off: none, every event is judged by itself.",
                        orElse = "exact")
                CacheMode mode,
        @Key(value = "How long an answer is good, from when it was given.", orElse = "24h")
                Duration expiry,
        @Key(
                        value = "Answers kept; the one not used for longest makes room.",
                        orElse = "100000",
                        min = 1)
                int size,
        @Key(
                        value = "Memory for them, about; the one not used for longest makes room.",
                        orElse = "32MiB")
                DataSize bytes) {

    /**
     * The same, switched off.
     *
     * @return a copy
     */
    public CacheSpec off() {
        return new CacheSpec(CacheMode.OFF, expiry, size, bytes);
    }
}
