package dev.thac.filter;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A compiled pattern at one field: what its own values must match, and what its members must. An
 * array matches if one of its elements does, so that all conditions on an object in an array hold
 * for the same element.
 *
 * <p>{@code exists: false} means that the field has no value anywhere in the event, as EventBridge
 * says, so it is decided from the top; see {@link Absence}. Immutable.
 */
final class FieldNode {

    private final @Nullable Leaf leaf;
    private final String[] names;
    private final FieldNode[] members;

    /** What a field's list says. */
    static final class Leaf {
        private final Matcher[] matchers;
        private final @Nullable Absence absence;

        /**
         * A compiled list.
         *
         * @param matchers any of them must match a value
         * @param absence where the list has {@code exists: false}
         */
        Leaf(List<Matcher> matchers, @Nullable Absence absence) {
            this.matchers = matchers.toArray(new Matcher[0]);
            this.absence = absence;
        }

        boolean matches(@Nullable Object value) {
            for (Matcher matcher : matchers) {
                if (matcher.matches(value)) {
                    return true;
                }
            }
            return false;
        }

        boolean allowsMissing(Event event) {
            return absence != null && absence.holds(event);
        }
    }

    FieldNode(@Nullable Leaf leaf, Map<String, FieldNode> members) {
        this.leaf = leaf;
        this.names = members.keySet().toArray(new String[0]);
        this.members = members.values().toArray(new FieldNode[0]);
    }

    boolean matches(@Nullable Object value, Event event) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (matches(list.get(i), event)) {
                    return true;
                }
            }
            return matchesMissing(event);
        }
        if (value instanceof Map<?, ?> map) {
            return (leaf == null || leaf.allowsMissing(event)) && membersMatch(map, event);
        }
        return (leaf == null || leaf.matches(value) || leaf.allowsMissing(event))
                && membersMissing(event);
    }

    boolean matchesMissing(Event event) {
        return (leaf == null || leaf.allowsMissing(event)) && membersMissing(event);
    }

    private boolean membersMissing(Event event) {
        for (FieldNode member : members) {
            if (!member.matchesMissing(event)) {
                return false;
            }
        }
        return true;
    }

    private boolean membersMatch(Map<?, ?> map, Event event) {
        for (int i = 0; i < names.length; i++) {
            if (!memberMatches(map, names[i], members[i], event)) {
                return false;
            }
        }
        return true;
    }

    private static boolean memberMatches(
            Map<?, ?> map, String name, FieldNode member, Event event) {
        Object value = map.get(name);
        if (value != null || map.containsKey(name)) {
            return member.matches(value, event);
        }
        if (member.members.length > 0) {
            Map<String, @Nullable Object> dotted = dotted(map, name);
            if (!dotted.isEmpty()) {
                return member.matches(dotted, event);
            }
        }
        return member.matchesMissing(event);
    }

    /** The members written {@code name.rest}, which mean the same as nested ones. */
    static Map<String, @Nullable Object> dotted(Map<?, ?> map, String name) {
        Map<String, @Nullable Object> rest = Map.of();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String full = (String) entry.getKey();
            if (full.length() > name.length()
                    && full.charAt(name.length()) == '.'
                    && full.startsWith(name)) {
                if (rest.isEmpty()) {
                    rest = new HashMap<>();
                }
                rest.put(full.substring(name.length() + 1), entry.getValue());
            }
        }
        return rest;
    }
}
