package dev.thac.testkit.simulator;

import com.sun.net.httpserver.Headers;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** How one family of providers spells requests, answers, errors and limits. */
sealed interface WireFormat permits AnthropicFormat, OpenAiFormat {

    /** Which one this is. */
    Wire wire();

    /**
     * Checks the key and the required headers.
     *
     * @param key the only key accepted; empty accepts any
     * @throws RefusedException in the provider's words
     */
    void check(Headers headers, Optional<String> key) throws RefusedException;

    /**
     * Reads and validates a body as strictly as the provider does.
     *
     * @throws RefusedException in the provider's words
     */
    CallRequest read(RequestBody body) throws RefusedException;

    /** How much a model thinks when the request does not say. */
    String defaultEffort(String model);

    /** A whole answer. */
    byte[] answer(CallRequest request, String text, Usage usage, Finish finish, long number)
            throws IOException;

    /** An error. */
    byte[] error(Refusal refusal, String requestId) throws IOException;

    /** The account's spend cap as an error. */
    Refusal spendCap(SpendCap.Form form);

    /** Adds the headers that tell the state of the limits. */
    void limits(Headers headers, RateLimiter.Levels levels, Instant now);

    /** The name of the header with the request's id. */
    String requestIdHeader();
}
