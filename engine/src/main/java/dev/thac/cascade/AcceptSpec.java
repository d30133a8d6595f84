package dev.thac.cascade;

import dev.thac.spec.Key;

/** When an answer is sure enough. The keys are described by their {@link Key} annotations. */
public record AcceptSpec(
        @Key(
                        value =
                                "Least confidence, from 0 to 1, as the model states it"
                                        + " (uncalibrated).",
                        min = 0,
                        max = 1)
                double confidence) {}
