package dev.thac.observe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whose series count.
 *
 * @param pipeline this pipeline's alone; empty: those of every pipeline
 * @param models these models' alone; not looked at where the pipeline is empty
 */
public record Selection(Optional<String> pipeline, Set<String> models) {

    /** Everything. */
    public static final Selection ALL = new Selection(Optional.empty(), Set.of());

    /** Copies the names. */
    public Selection {
        models = Set.copyOf(models);
    }

    boolean includes(Map<String, String> series) {
        if (pipeline.isEmpty()) {
            return true;
        }
        String owner = series.get("pipeline");
        String model = series.get("model");
        return (owner == null || owner.equals(pipeline.get()))
                && (model == null || models.contains(model));
    }

    /**
     * The same as a Prometheus selector.
     *
     * @param labels labels of the series; what they call {@code target} is a model
     * @param more other matchers
     * @return for example <code>{pipeline="reviews"}</code>; empty for everything
     */
    String matchers(List<String> labels, List<String> more) {
        List<String> all = new java.util.ArrayList<>();
        if (pipeline.isPresent() && labels.contains("pipeline")) {
            all.add("pipeline=\"" + pipeline.get() + "\"");
        }
        for (String label : List.of("model", "target")) {
            if (pipeline.isPresent() && labels.contains(label)) {
                all.add(label + "=~\"" + alternatives() + "\"");
            }
        }
        all.addAll(more);
        return all.isEmpty() ? "" : "{" + String.join(",", all) + "}";
    }

    private String alternatives() {
        return new TreeSet<>(models)
                .stream()
                        .map(name -> name.replaceAll("([^A-Za-z0-9_-])", "\\\\\\\\$1"))
                        .collect(Collectors.joining("|"));
    }
}
