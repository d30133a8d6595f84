package dev.thac.filter;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * The condition {@code exists: false} on one field: no value anywhere, through all arrays on the
 * way. An object is no value, and neither is an empty array.
 *
 * @param source the top-level field
 * @param steps names from there
 */
record Absence(Source source, List<String> steps) {

    boolean holds(Event event) {
        Object value = source.of(event);
        return source.absent(value) || !present(value, 0);
    }

    private boolean present(@Nullable Object value, int step) {
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (present(element, step)) {
                    return true;
                }
            }
            return false;
        }
        if (step == steps.size()) {
            return !(value instanceof Map);
        }
        if (!(value instanceof Map<?, ?> map)) {
            return false;
        }
        String name = steps.get(step);
        if (map.containsKey(name)) {
            return present(map.get(name), step + 1);
        }
        Map<String, @Nullable Object> dotted = FieldNode.dotted(map, name);
        return !dotted.isEmpty() && present(dotted, step + 1);
    }
}
