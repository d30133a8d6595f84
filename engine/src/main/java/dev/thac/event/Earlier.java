package dev.thac.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was done for an event before it came back through a retry topic. Its passes so far are over;
 * the one that begins adds to these figures.
 *
 * @param attempts attempts of all passes
 * @param retries retry topics it has passed
 * @param redrives how often a person sent it back from the dead letters
 * @param firstFailure when its first attempt failed
 * @param cost price of all that was spent on it, the settled analyses included
 * @param tokens tokens of all that was spent on it, the settled analyses included
 * @param reported what of cost and tokens stands in a dead letter of the same event already
 * @param settled answers that stand and need not be asked for again, in the file's order
 */
public record Earlier(
        int attempts,
        int retries,
        int redrives,
        Optional<Instant> firstFailure,
        Money cost,
        long tokens,
        Reported reported,
        List<Verdict> settled) {

    /** Nothing: the event comes for the first time. */
    public static final Earlier NONE =
            new Earlier(0, 0, 0, Optional.empty(), Money.ZERO, 0, Reported.NOTHING, List.of());

    /**
     * What stands in a dead letter that a person sent back: whoever sums up the headers of dead
     * letters and outputs takes it off.
     *
     * @param cost money
     * @param tokens tokens
     */
    public record Reported(Money cost, long tokens) {
        /** The event was no dead letter before. */
        public static final Reported NOTHING = new Reported(Money.ZERO, 0);
    }

    /** Copies the list. */
    public Earlier {
        settled = List.copyOf(settled);
    }

    /**
     * Whether there is nothing to add to.
     *
     * @return true for {@link #NONE} and what equals it
     */
    public boolean nothing() {
        return attempts == 0
                && retries == 0
                && redrives == 0
                && tokens == 0
                && cost.nanos() == 0
                && settled.isEmpty()
                && firstFailure.isEmpty();
    }

    /**
     * Which pass begins.
     *
     * @return 0 for an event from a source topic, n for one from the nth retry topic
     */
    public int pass() {
        return redrives > 0 ? Math.max(1, retries) : retries;
    }

    /**
     * The answer of an analysis that was settled.
     *
     * @param analysis its name
     * @return its verdict; empty where there is none
     */
    public Optional<Verdict> settled(String analysis) {
        for (Verdict verdict : settled) {
            if (verdict.analysis().equals(analysis)) {
                return Optional.of(verdict);
            }
        }
        return Optional.empty();
    }
}
