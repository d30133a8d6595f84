package dev.thac.testkit.simulator;

import java.time.Instant;
import java.util.List;

/**
 * A call that was charged, whether or not its answer reached anyone.
 *
 * @param asked when the request had arrived
 * @param answered when the answer was ready to be sent
 * @param model the model id
 * @param system the instructions; empty when there are none
 * @param inputs the items' texts, in order
 */
public record PaidCall(
        Instant asked, Instant answered, String model, String system, List<String> inputs) {

    /** Copies the list. */
    public PaidCall {
        inputs = List.copyOf(inputs);
    }
}
