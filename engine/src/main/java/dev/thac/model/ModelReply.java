package dev.thac.model;

import dev.thac.event.TokenUsage;

import java.util.OptionalDouble;

/**
 * What a model answered.
 *
 * @param text the answer's text, which should be JSON
 * @param stop why it stopped
 * @param usage tokens as billed
 * @param tokenProbability geometric mean probability of the answer's tokens, where the provider
 *     gives it
 * @param requestId the provider's id of the call, for support; may be empty
 */
public record ModelReply(
        String text,
        Stop stop,
        TokenUsage usage,
        OptionalDouble tokenProbability,
        String requestId) {

    /** Why a model stopped. */
    public enum Stop {
        /** It was done. */
        COMPLETE,
        /** It reached the output limit: the text is cut. */
        TRUNCATED,
        /** It refused. */
        REFUSED,
        /** The context window was full. */
        CONTEXT_FULL
    }
}
