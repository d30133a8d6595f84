package dev.thac.testkit.simulator;

import java.util.List;
import java.util.Map;

/**
 * One call as the simulator read it.
 *
 * @param number counts the calls that passed the checks, from 1
 * @param wire the wire format
 * @param model the model id
 * @param system the instructions; empty when there are none
 * @param inputs the items' texts, in order
 * @param effort what the request says; empty when it says nothing
 * @param maxTokens the limit on the answer; 0 when there is none
 * @param headers the request's headers by lower-case name, without keys
 * @param body the whole request body
 */
public record CallView(
        long number,
        Wire wire,
        String model,
        String system,
        List<String> inputs,
        String effort,
        long maxTokens,
        Map<String, String> headers,
        String body) {

    /** Copies the lists. */
    public CallView {
        inputs = List.copyOf(inputs);
        headers = Map.copyOf(headers);
    }
}
