package dev.thac.plan;

import java.util.List;

/**
 * From an event's arrival at the first tier to its last answer, limits and outages left out.
 *
 * @param p50 seconds within which half of the judged events have their answers
 * @param p95 seconds within which 95 of 100 do
 * @param calls the calls of each tier
 */
public record Latency(double p50, double p95, List<Call> calls) {

    /**
     * One tier's calls.
     *
     * @param analysis the analysis
     * @param model the model's name in the file
     * @param p50 seconds of half the calls
     * @param p95 seconds of 95 of 100 calls
     */
    public record Call(String analysis, String model, double p50, double p95) {}

    /** Copies the list. */
    public Latency {
        calls = List.copyOf(calls);
    }
}
