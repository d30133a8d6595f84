package dev.thac.observe;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What one figure of a signal is about; an alert fires for each of them by itself. */
public enum Scope {
    /** The pipeline as a whole. */
    PIPELINE(List.of("pipeline")),
    /** One model. */
    MODEL(List.of("model")),
    /** One tier of one analysis. */
    TIER(List.of("pipeline", "analysis", "tier")),
    /** One budget. */
    BUDGET(List.of("budget"));

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> labels;

    Scope(List<String> labels) {
        this.labels = labels;
    }

    /** The labels that tell one figure from another. */
    List<String> labels() {
        return labels;
    }

    /** What the figure is about; empty for the pipeline. */
    String subject(Map<String, String> series) {
        return labels.stream()
                .filter(label -> !label.equals("pipeline"))
                .map(label -> series.getOrDefault(label, ""))
                .collect(Collectors.joining("/"));
    }

    /** The subject as a template of a Prometheus annotation; empty for the pipeline. */
    String template() {
        return labels.stream()
                .filter(label -> !label.equals("pipeline"))
                .map(label -> "{{ $labels." + label + " }}")
                .collect(Collectors.joining("/"));
    }
}
