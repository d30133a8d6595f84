package dev.thac.pipeline;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.spec.CelText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds computed members to the value. A formula may use the members derived before it; those that
 * use none of their group share one copy of the value.
 */
final class DeriveStage implements Stage {

    private static final String NAME = "derive";

    private final List<Map<String, Formula>> groups;

    DeriveStage(Map<String, CelText> spec) throws ExpressionException {
        this.groups = groups(spec);
    }

    @Override
    public Progress decide(OpenEvent open) {
        Event event = open.event();
        if (!(event.value() instanceof Map<?, ?>)) {
            return open.fail(
                    new Failure(
                            ErrorCode.WRONG_TYPE,
                            NAME,
                            "the value is no object: nothing can be derived into it"));
        }
        for (Map<String, Formula> group : groups) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            for (Map.Entry<String, Formula> entry : group.entrySet()) {
                try {
                    members.put(entry.getKey(), entry.getValue().apply(event));
                } catch (EvaluationException e) {
                    return open.fail(
                            new Failure(
                                    ErrorCode.WRONG_TYPE,
                                    NAME,
                                    entry.getKey() + ": " + e.getMessage()));
                }
            }
            event = with(event, members);
        }
        open.is(event);
        return Progress.NEXT;
    }

    @SuppressWarnings({"NullAway", "unchecked"}) // null is a legal member of a tree
    private static Event with(Event event, Map<String, @Nullable Object> members) {
        return event.withDerived((Map<String, Object>) (Map<String, ?>) members);
    }

    private static List<Map<String, Formula>> groups(Map<String, CelText> spec)
            throws ExpressionException {
        List<Map<String, Formula>> groups = new ArrayList<>();
        Map<String, Formula> group = new LinkedHashMap<>();
        for (Map.Entry<String, CelText> entry : spec.entrySet()) {
            Formula formula = Expressions.formula(entry.getValue().text());
            if (usesAny(formula.paths(), group.keySet())) {
                groups.add(group);
                group = new LinkedHashMap<>();
            }
            group.put(entry.getKey(), formula);
        }
        groups.add(group);
        return List.copyOf(groups);
    }

    private static boolean usesAny(Set<String> paths, Set<String> derived) {
        for (String path : paths) {
            for (String name : derived) {
                String member = "value." + name;
                if (path.equals("value")
                        || path.equals(member)
                        || path.startsWith(member + ".")
                        || path.startsWith(member + "[")) {
                    return true;
                }
            }
        }
        return false;
    }
}
