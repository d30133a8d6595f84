package dev.thac.app.eval;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;
import dev.thac.pipeline.FlowSpec;
import dev.thac.spec.Tree;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the right answer of a field stands.
 *
 * @param analysis the analysis
 * @param field its output field
 * @param path member of the event's value that holds the right answer, dots between levels
 */
public record Label(String analysis, String field, String path) {

    private static final String DEFAULT_PATH = "label";

    /**
     * Reads what the user said, or finds the one field that can be scored.
     *
     * @param flow the pipeline
     * @param declared {@code analysis.field} to path; may be empty
     * @return the labels to score
     * @throws UserError when a field does not exist, or none is declared and several could be meant
     */
    public static List<Label> of(FlowSpec flow, Map<String, String> declared) {
        if (declared.isEmpty()) {
            return List.of(onlyClosedField(flow));
        }
        List<Label> labels = new ArrayList<>();
        declared.forEach(
                (target, path) -> {
                    int dot = target.indexOf('.');
                    String analysis = dot < 0 ? target : target.substring(0, dot);
                    String field = dot < 0 ? "" : target.substring(dot + 1);
                    if (!flow.analyses().containsKey(analysis)
                            || !flow.analyses().get(analysis).output().containsKey(field)) {
                        throw UserError.usage(
                                "no analysis has the field " + target,
                                "--label ANALYSIS.FIELD=PATH; the fields are " + fields(flow));
                    }
                    labels.add(new Label(analysis, field, path));
                });
        return labels;
    }

    /**
     * The right answer of an event.
     *
     * @param value the decoded event
     * @return the label, or {@code null} where the event has none
     */
    public @Nullable Object in(@Nullable Object value) {
        Object at = value;
        for (String step : path.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return at;
    }

    private static Label onlyClosedField(FlowSpec flow) {
        List<Label> closed = new ArrayList<>();
        flow.analyses()
                .forEach(
                        (analysis, spec) ->
                                spec.output()
                                        .forEach(
                                                (field, schema) -> {
                                                    if (closed(schema)) {
                                                        closed.add(
                                                                new Label(
                                                                        analysis,
                                                                        field,
                                                                        DEFAULT_PATH));
                                                    }
                                                }));
        if (closed.size() != 1) {
            throw new UserError(
                    ExitCode.USAGE,
                    "which field is labelled? " + closed.size() + " could be meant",
                    "--label ANALYSIS.FIELD=PATH; the fields are " + fields(flow));
        }
        return closed.getFirst();
    }

    private static boolean closed(Tree schema) {
        return schema.value() instanceof Map<?, ?> map
                && (map.containsKey("enum") || "boolean".equals(map.get("type")));
    }

    private static String fields(FlowSpec flow) {
        List<String> names = new ArrayList<>();
        flow.analyses()
                .forEach(
                        (analysis, spec) ->
                                spec.output()
                                        .keySet()
                                        .forEach(field -> names.add(analysis + "." + field)));
        return String.join(", ", names);
    }
}
