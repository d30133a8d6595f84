package dev.thac.redact;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields that are replaced as a whole, as a tree of path steps. A name below a list means the
 * member of that name in each of its elements. Immutable.
 */
final class FieldTree {

    static final FieldTree EMPTY = new FieldTree(new Node());

    /** Where the earlier events of a key stand: an event's own paths hold in each of them. */
    private static final List<Object> HISTORY = List.of("value", "context", "last");

    private static final int MOST_TEXTS = 64;
    private static final int SHORTEST = 4;
    private static final int LONGEST = 200;

    private final Node root;

    private FieldTree(Node root) {
        this.root = root;
    }

    /** One step; what is below it, and the name of the field that ends here. */
    private static final class Node {
        private final Map<Object, Node> below = new HashMap<>();
        private @Nullable String field;
    }

    /**
     * A place in an event, seen from the tree.
     *
     * @param nodes the steps of the tree that lead here
     */
    record Place(List<Node> nodes) {

        private static final Place NOWHERE = new Place(List.of());

        /** The name of the field that this place is, or is within; {@code null}: none. */
        @Nullable String field() {
            for (Node node : nodes) {
                if (node.field != null) {
                    return node.field;
                }
            }
            return null;
        }

        Place member(String name) {
            return step(name, false);
        }

        /** An element is also what its list is: names below go on to each of them. */
        Place element(int index) {
            return step(index, true);
        }

        private Place step(Object step, boolean stays) {
            if (nodes.isEmpty()) {
                return NOWHERE;
            }
            List<Node> next = new ArrayList<>(nodes.size());
            for (Node node : nodes) {
                if (node.field != null || stays) {
                    next.add(node);
                }
                Node below = node.below.get(step);
                if (below != null) {
                    next.add(below);
                }
            }
            return next.isEmpty() ? NOWHERE : new Place(next);
        }
    }

    /** Of paths whose first step is a root. */
    static FieldTree of(List<List<Object>> paths) {
        Node root = new Node();
        for (List<Object> path : paths) {
            String field = name(path);
            add(root, path, field);
            if (path.getFirst().equals("value") && path.size() > 1) {
                List<Object> earlier = new ArrayList<>(HISTORY);
                earlier.addAll(path.subList(1, path.size()));
                add(root, earlier, field);
            }
        }
        return new FieldTree(root);
    }

    private static void add(Node root, List<Object> path, String field) {
        Node node = root;
        for (Object step : path) {
            node = node.below.computeIfAbsent(step, _ -> new Node());
        }
        node.field = field;
    }

    private static String name(List<Object> path) {
        for (Object step : path.reversed()) {
            if (step instanceof String name) {
                return name;
            }
        }
        throw new IllegalArgumentException("a path begins with a name");
    }

    /** The place a path leads to. */
    Place down(List<Object> path) {
        Place place = new Place(List.of(root));
        for (Object step : path) {
            place =
                    step instanceof Integer index
                            ? place.element(index)
                            : place.member((String) step);
        }
        return place;
    }

    /** The texts that stand in the fields of an event; the first {@value #MOST_TEXTS} of them. */
    List<String> texts(Event event) {
        if (root.below.isEmpty()) {
            return List.of();
        }
        Set<String> texts = new LinkedHashSet<>();
        Place top = new Place(List.of(root));
        collect(top.member("value"), event.value(), texts);
        collect(top.member("key"), event.key(), texts);
        collect(top.member("headers"), event.headers(), texts);
        return texts.stream().sorted((one, other) -> other.length() - one.length()).toList();
    }

    private static void collect(Place place, @Nullable Object value, Set<String> texts) {
        if (value == null || place.nodes().isEmpty() || texts.size() >= MOST_TEXTS) {
            return;
        }
        switch (value) {
            case Map<?, ?> map ->
                    map.forEach(
                            (name, member) -> collect(place.member((String) name), member, texts));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    collect(place.element(i), list.get(i), texts);
                }
            }
            case Boolean _ -> {
                // says nothing of a person that could be found again
            }
            default -> {
                String text = value.toString().strip();
                if (place.field() != null
                        && text.length() >= SHORTEST
                        && text.length() <= LONGEST) {
                    texts.add(text);
                }
            }
        }
    }
}
