package dev.thac.expression;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

/** One node of a compiled expression. Immutable. */
interface Node {

    /**
     * Evaluates.
     *
     * @param event the event
     * @param slots the variables of the macros around this node; this evaluation's own
     * @return a tree, or a {@link Fault}
     */
    @Nullable Object eval(Event event, @Nullable Object[] slots);
}
