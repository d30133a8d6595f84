package dev.thac.meter;

import java.util.Map;

/**
 * One series at one moment, as it is scraped.
 *
 * @param name for example {@code thac_model_call_seconds_bucket}
 * @param labels label to value
 * @param value its value
 */
public record Sample(String name, Map<String, String> labels, double value) {

    /** Copies the labels. */
    public Sample {
        labels = Map.copyOf(labels);
    }
}
