package dev.thac.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known or assumed of one model tier.
 *
 * @param model the model's name in the file
 * @param size most events in a call
 * @param longestWait longest wait of the first event for others; empty: a batch always fills
 * @param input input tokens: instructions, answer schema and frame once, an event with its wrapper
 *     each
 * @param output output tokens that are not thinking
 * @param thinking thinking tokens, billed like output
 * @param confidence the part of input and output that only serves to state a confidence: a tier
 *     that answers always does without
 * @param passedOn share of the events it sees that go on to the next tier
 * @param askedAgain share of the events it sees that are asked about a second time, alone
 * @param time how long its calls take
 */
public record TierLoad(
        String model,
        int size,
        Optional<Duration> longestWait,
        Tokens input,
        Tokens output,
        Tokens thinking,
        Confidence confidence,
        double passedOn,
        double askedAgain,
        CallTime time) {

    /**
     * What stating a confidence takes.
     *
     * @param input more input
     * @param output more output
     */
    public record Confidence(Tokens input, Tokens output) {
        /** The tier does not state one. */
        public static final Confidence NONE = new Confidence(Tokens.NONE, Tokens.NONE);
    }

    /** Refuses what is no share and no batch. */
    public TierLoad {
        Shares.check("passed on", passedOn);
        Shares.check("asked again", askedAgain);
        if (size < 1) {
            throw new IllegalArgumentException("a batch has at least one event: " + size);
        }
    }

    /** This tier alone: every event is its own, so it needs no confidence. */
    TierLoad alone() {
        return new TierLoad(
                model,
                size,
                longestWait,
                input.minus(confidence.input()),
                output.minus(confidence.output()),
                thinking,
                Confidence.NONE,
                0,
                askedAgain,
                time);
    }

    TierLoad with(int otherSize, Optional<Duration> otherWait) {
        return new TierLoad(
                model,
                otherSize,
                otherWait,
                input,
                output,
                thinking,
                confidence,
                passedOn,
                askedAgain,
                time);
    }

    TierLoad passingOn(double share) {
        return new TierLoad(
                model,
                size,
                longestWait,
                input,
                output,
                thinking,
                confidence,
                share,
                askedAgain,
                time);
    }

    /** Output tokens of a full call, thinking included. */
    double fullOutput() {
        return output.plus(thinking).of(1, size);
    }
}
