package dev.thac.cascade;

import dev.thac.event.Delivery;
import dev.thac.model.TokenEstimate;

import java.util.function.BooleanSupplier;

/**
 * One event's question to a model tier.
 *
 * @param event the event
 * @param input the input as JSON text, quotes included
 * @param account what it costs is put here
 * @param abandoned whether nobody waits for the answer any more, asked before each call
 */
record Question(Delivery event, String input, Account account, BooleanSupplier abandoned) {

    private static final int TOKENS_AROUND = 8;

    /** Input tokens, about. */
    int tokens() {
        return TokenEstimate.of(input) + TOKENS_AROUND;
    }
}
