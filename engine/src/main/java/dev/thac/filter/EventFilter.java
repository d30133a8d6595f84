package dev.thac.filter;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * EventBridge patterns over {@code value}, {@code key}, {@code headers}, {@code topic}, {@code
 * partition}, {@code offset} and {@code timestamp}, compiled to predicates over the event's tree.
 * An event passes if any pattern matches. Immutable and thread-safe.
 *
 * <p>The language is the one of Event Ruler, which EventBridge runs, with these differences, all on
 * purpose: numbers are compared exactly (Event Ruler loses those a double cannot hold); an address
 * written as a plain text is compared as text; {@code exists: false} always asks whether the field
 * has a value anywhere in the event; a field written with dots in the event is looked for only
 * where the nested one is not there; a record without a key has no {@code key}, and an unknown
 * top-level field is refused instead of never matching.
 */
public final class EventFilter {

    private final Branch[] branches;

    /** Fields that must all match. */
    private static final class Branch {
        private final Source[] sources;
        private final FieldNode[] nodes;

        Branch(Map<Source, FieldNode> fields) {
            sources = fields.keySet().toArray(new Source[0]);
            nodes = fields.values().toArray(new FieldNode[0]);
        }

        boolean matches(Event event) {
            for (int i = 0; i < sources.length; i++) {
                Object value = sources[i].of(event);
                boolean matches =
                        sources[i].absent(value)
                                ? nodes[i].matchesMissing(event)
                                : nodes[i].matches(value, event);
                if (!matches) {
                    return false;
                }
            }
            return true;
        }
    }

    private EventFilter(List<Branch> branches) {
        this.branches = branches.toArray(new Branch[0]);
    }

    /**
     * Compiles patterns.
     *
     * @param patterns trees, one per pattern; none at all lets everything pass
     * @return the filter
     * @throws PatternException at the first problem, with its place
     */
    public static EventFilter compile(List<Object> patterns) throws PatternException {
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            for (Map<List<String>, PatternParser.Entries> fields :
                    PatternParser.parse(patterns.get(i), "[" + i + "]")) {
                branches.add(branch(fields));
            }
        }
        return new EventFilter(branches);
    }

    /**
     * Whether an event passes.
     *
     * @param event the event
     * @return true when a pattern matches, or when there is none
     */
    public boolean matches(Event event) {
        for (Branch branch : branches) {
            if (branch.matches(event)) {
                return true;
            }
        }
        return branches.length == 0;
    }

    private static Branch branch(Map<List<String>, PatternParser.Entries> fields)
            throws PatternException {
        Growing root = new Growing();
        for (Map.Entry<List<String>, PatternParser.Entries> field : fields.entrySet()) {
            Growing node = root;
            for (String step : field.getKey()) {
                node = node.members.computeIfAbsent(step.intern(), name -> new Growing());
            }
            node.leaf = leaf(field.getKey(), field.getValue());
        }
        Map<Source, FieldNode> nodes = new EnumMap<>(Source.class);
        root.members.forEach((name, member) -> nodes.put(Source.named(name), member.grown()));
        return new Branch(nodes);
    }

    private static FieldNode.Leaf leaf(List<String> steps, PatternParser.Entries entries)
            throws PatternException {
        List<Matcher> matchers = new ArrayList<>();
        Absence absence = null;
        for (int i = 0; i < entries.list().size(); i++) {
            Object entry = entries.list().get(i);
            if (MatcherParser.isAbsence(entry)) {
                absence =
                        new Absence(Source.named(steps.getFirst()), steps.subList(1, steps.size()));
            } else {
                matchers.add(MatcherParser.parse(entry, entries.path() + "[" + i + "]"));
            }
        }
        return new FieldNode.Leaf(matchers, absence);
    }

    /** A node being built. */
    private static final class Growing {
        private final Map<String, Growing> members = new LinkedHashMap<>();
        private FieldNode.@Nullable Leaf leaf;

        FieldNode grown() {
            Map<String, FieldNode> grown = new LinkedHashMap<>();
            members.forEach((name, member) -> grown.put(name, member.grown()));
            return new FieldNode(leaf, grown);
        }
    }
}
