package dev.thac.app.control;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A wish to judge a part of a pipeline's source again.
 *
 * @param pipeline the pipeline
 * @param id tells it from others
 * @param from the time of the first record, as text
 * @param to the time after the last record, as text
 * @param group the consumer group that reads it; its commits are where it is
 * @param state how far it is
 * @param ends partition, as topic-partition, to the offset where it ends
 * @param by who asked
 * @param at when, as text
 */
public record ReplayRequest(
        String pipeline,
        String id,
        String from,
        String to,
        String group,
        State state,
        Map<String, Long> ends,
        String by,
        String at) {

    private static final String PART = "|replay|";

    /** How far a replay is. */
    public enum State {
        /** To be done by the instances that run. */
        requested,
        /** Not wanted any more. */
        cancelled,
        /** All instances have done their part. */
        done
    }

    /** Copies the map. */
    public ReplayRequest {
        ends = Map.copyOf(ends);
    }

    /** Its key in {@code thac.control}. */
    public String key() {
        return pipeline + PART + id;
    }

    /** The same in another state. */
    public ReplayRequest in(State other) {
        return new ReplayRequest(pipeline, id, from, to, group, other, ends, by, at);
    }

    /** Its value in {@code thac.control}. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("from", from);
        tree.put("to", to);
        tree.put("group", group);
        tree.put("state", state.name());
        tree.put("ends", new TreeMap<>(ends));
        tree.put("by", by);
        tree.put("at", at);
        return tree;
    }

    /**
     * Reads an entry of {@code thac.control}.
     *
     * @param key its key
     * @param value its value
     * @return the request; empty where it is none
     */
    public static Optional<ReplayRequest> of(String key, Map<?, ?> value) {
        int part = key.indexOf(PART);
        Optional<State> state = state(value.get("state"));
        if (part < 0 || state.isEmpty() || !(value.get("ends") instanceof Map<?, ?> given)) {
            return Optional.empty();
        }
        Map<String, Long> ends = new TreeMap<>();
        given.forEach(
                (place, offset) -> {
                    if (offset instanceof Number number) {
                        ends.put(String.valueOf(place), number.longValue());
                    }
                });
        return Optional.of(
                new ReplayRequest(
                        key.substring(0, part),
                        key.substring(part + PART.length()),
                        String.valueOf(value.get("from")),
                        String.valueOf(value.get("to")),
                        String.valueOf(value.get("group")),
                        state.get(),
                        ends,
                        String.valueOf(value.get("by")),
                        String.valueOf(value.get("at"))));
    }

    private static Optional<State> state(@Nullable Object text) {
        for (State each : State.values()) {
            if (each.name().equals(text)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
