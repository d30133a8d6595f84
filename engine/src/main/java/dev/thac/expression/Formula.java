package dev.thac.expression;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** A compiled CEL expression whose value is used. Immutable and thread-safe. */
public interface Formula {

    /**
     * Computes the value.
     *
     * @param event the event
     * @return a tree as {@link Event} describes them; a plain path gives the event's own value
     * @throws EvaluationException when a field is missing or of another type than needed
     */
    @Nullable Object apply(Event event) throws EvaluationException;

    /**
     * The fields it reads.
     *
     * @return paths as in {@link Condition#paths()}
     */
    Set<String> paths();
}
