package dev.thac.cascade;

import java.util.LinkedHashMap;
import java.util.Map;

/** The declared output of an analysis as plain schemas. */
final class OutputFields {

    private OutputFields() {}

    /**
     * Field name to JSON Schema.
     *
     * @throws IllegalArgumentException when a field has no schema
     */
    static Map<String, Object> of(AnalysisSpec spec) {
        Map<String, Object> fields = new LinkedHashMap<>();
        spec.output()
                .forEach(
                        (name, tree) -> {
                            Object schema = tree.value();
                            if (schema == null) {
                                throw new IllegalArgumentException(name + " has no schema");
                            }
                            fields.put(name, schema);
                        });
        return fields;
    }
}
