package dev.thac.filter;

import dev.thac.spec.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pattern into branches: flat maps from a field's path to its list. {@code $or}
 * multiplies branches, as in Event Ruler; a field named twice in a branch keeps the later list.
 */
final class PatternParser {

    private static final String OR = "$or";
    private static final int MAX_BRANCHES = 1000;

    private List<Map<List<String>, Entries>> branches = new ArrayList<>();

    /**
     * A field's list.
     *
     * @param path where it stands in the patterns
     * @param list its entries
     */
    record Entries(String path, List<?> list) {}

    private PatternParser() {
        branches.add(new LinkedHashMap<>());
    }

    static List<Map<List<String>, Entries>> parse(@Nullable Object pattern, String path)
            throws PatternException {
        PatternParser parser = new PatternParser();
        if (!(pattern instanceof Map<?, ?> map)) {
            throw new PatternException(path, "a pattern is an object, such as { value: … }");
        }
        parser.object(map, List.of(), path);
        return parser.branches;
    }

    private void object(Map<?, ?> map, List<String> steps, String path) throws PatternException {
        if (map.isEmpty()) {
            throw new PatternException(path, "an empty object matches nothing in particular");
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            String at = path + "." + name;
            if (name.equals(OR)) {
                alternatives(entry.getValue(), steps, at);
                continue;
            }
            List<String> inner = new ArrayList<>(steps);
            inner.addAll(Arrays.asList(name.split("\\.", -1)));
            if (steps.isEmpty()) {
                checkSource(inner.getFirst(), at);
            }
            switch (entry.getValue()) {
                case Map<?, ?> object -> object(object, inner, at);
                case List<?> list -> {
                    if (list.isEmpty()) {
                        throw new PatternException(at, "an empty list can never match");
                    }
                    for (Map<List<String>, Entries> branch : branches) {
                        branch.put(List.copyOf(inner), new Entries(at, list));
                    }
                }
                case null, default ->
                        throw new PatternException(
                                at,
                                "an object or a list must stand here; to compare with one value,"
                                        + " put it in a list: ["
                                        + entry.getValue()
                                        + "]");
            }
        }
    }

    private static void checkSource(String name, String path) throws PatternException {
        if (!Source.names().contains(name)) {
            throw new PatternException(
                    path,
                    "unknown field '"
                            + name
                            + "': "
                            + Spelling.advice(name, Source.names(), "top-level fields")
                            + " (what the event holds stands under 'value')");
        }
    }

    private void alternatives(@Nullable Object argument, List<String> steps, String path)
            throws PatternException {
        if (!(argument instanceof List<?> list) || list.size() < 2) {
            throw new PatternException(path, "'$or' takes a list of at least two objects");
        }
        List<Map<List<String>, Entries>> before = branches;
        List<Map<List<String>, Entries>> after = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = path + "[" + i + "]";
            if (!(list.get(i) instanceof Map<?, ?> alternative)) {
                throw new PatternException(at, "'$or' takes objects only");
            }
            branches = new ArrayList<>();
            before.forEach(branch -> branches.add(new LinkedHashMap<>(branch)));
            object(alternative, steps, at);
            after.addAll(branches);
            if (after.size() > MAX_BRANCHES) {
                throw new PatternException(
                        path, "the alternatives multiply to more than " + MAX_BRANCHES);
            }
        }
        branches = after;
    }
}
