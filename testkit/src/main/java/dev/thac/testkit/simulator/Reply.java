package dev.thac.testkit.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a script makes the simulator do with one call that passed its checks. */
public sealed interface Reply {

    /** As without a script, but without a random fault. */
    record Normal() implements Reply {}

    /** One fault. */
    record Faulty(Fault fault) implements Reply {}

    /**
     * A raw HTTP response.
     *
     * @param status the status code
     * @param headers further headers
     * @param body the whole body
     */
    record Raw(int status, Map<String, String> headers, String body) implements Reply {}

    /** The model says exactly this. */
    record Says(String text) implements Reply {}

    /** The model says what it would say, edited. */
    record Edited(UnaryOperator<String> edit) implements Reply {}

    /** Another reply after a latency of its own. */
    record Delayed(Duration latency, Reply reply) implements Reply {}

    /** As without a script, but without a random fault. */
    static Reply normal() {
        return new Normal();
    }

    /** One fault. */
    static Reply fault(Fault fault) {
        return new Faulty(fault);
    }

    /** A raw HTTP response. */
    static Reply raw(int status, Map<String, String> headers, String body) {
        return new Raw(status, Map.copyOf(headers), body);
    }

    /** The model says exactly this. */
    static Reply says(String text) {
        return new Says(text);
    }

    /** The model says what it would say, edited. */
    static Reply edited(UnaryOperator<String> edit) {
        return new Edited(edit);
    }

    /** Another reply after a latency of its own, counted from the call's arrival. */
    static Reply delayed(Duration latency, Reply reply) {
        return new Delayed(latency, reply);
    }
}
