package dev.thac.testkit.simulator;

import java.time.Duration;
import java.time.Instant;

/**
 * One line of the call log.
 *
 * @param time when the request had arrived
 * @param wire the wire format
 * @param model the model id; empty when the request could not be read
 * @param items how many items were asked about
 * @param status the HTTP status; 0 when no complete answer was sent
 * @param outcome {@code ok}, or what went wrong
 * @param inputTokens billed
 * @param outputTokens billed, thinking included
 * @param took until the answer was handed to the network
 */
public record Call(
        Instant time,
        Wire wire,
        String model,
        int items,
        int status,
        String outcome,
        long inputTokens,
        long outputTokens,
        Duration took) {}
