package dev.thac.meter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class MetersTest {

    private static final Pattern LINE = Pattern.compile("(\\w+)\\{([^}]*)\\} (\\S+)");

    @Test
    void samplesAreWhatAScrapeShows() {
        Meters meters = new Meters();
        meters.add(Metric.EVENTS_IN, 3, "reviews", "reviews.raw");
        meters.gauge(Metric.BREAKER_STATE, () -> 2, "small");
        Meters.Distribution calls = meters.distribution(Metric.MODEL_CALL_SECONDS, "small", "ok");
        calls.record(0.3);
        calls.record(7);
        calls.record(300);

        List<Sample> samples = new ArrayList<>();
        for (Metric metric :
                List.of(Metric.EVENTS_IN, Metric.BREAKER_STATE, Metric.MODEL_CALL_SECONDS)) {
            samples.addAll(meters.samples(metric));
        }

        assertThat(samples)
                .containsExactlyInAnyOrderElementsOf(scraped(meters.scrape()))
                .contains(bucket("0.5", 1), bucket("60.0", 2), bucket("+Inf", 3));
        assertThat(meters.samples(Metric.COST)).isEmpty();
    }

    private static Sample bucket(String le, double count) {
        return new Sample(
                "thac_model_call_seconds_bucket",
                Map.of("model", "small", "outcome", "ok", "le", le),
                count);
    }

    /** Series of the text format, but for the greatest value, which only Micrometer knows. */
    private static List<Sample> scraped(String text) {
        List<Sample> samples = new ArrayList<>();
        Matcher lines = LINE.matcher(text);
        while (lines.find()) {
            if (!lines.group(1).endsWith("_max")) {
                Map<String, String> labels = new HashMap<>();
                for (String label : lines.group(2).split(",")) {
                    String[] parts = label.split("=", 2);
                    labels.put(parts[0], parts[1].replace("\"", ""));
                }
                samples.add(new Sample(lines.group(1), labels, Double.parseDouble(lines.group(3))));
            }
        }
        return samples;
    }
}
