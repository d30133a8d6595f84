package dev.thac.expression;

import dev.thac.event.Event;

import java.util.Set;

/** A compiled CEL condition. Immutable and thread-safe. */
public interface Condition {

    /**
     * Whether the condition holds. A field that is missing, a wrong type or any other error makes
     * it false, as does a result that is no boolean.
     *
     * @param event the event
     * @return true when it evaluates to {@code true}
     */
    boolean test(Event event);

    /**
     * The fields it reads.
     *
     * @return paths such as {@code analysis.review.urgent} or {@code value.items[0].name}; a list
     *     walked by a macro appears as the list
     */
    Set<String> paths();
}
