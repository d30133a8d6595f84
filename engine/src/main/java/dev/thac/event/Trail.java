package dev.thac.event;

import java.util.List;

/**
 * What was done for an event on its way to its outcome; the lane counts and reports from it.
 *
 * @param verdicts one per analysis that was reached, in the file's order
 */
public record Trail(List<Verdict> verdicts) {

    /** Nothing was judged. */
    public static final Trail NONE = new Trail(List.of());

    /**
     * Tokens of all analyses.
     *
     * @return the sum
     */
    public TokenUsage usage() {
        TokenUsage sum = TokenUsage.NONE;
        for (Verdict verdict : verdicts) {
            sum = sum.plus(verdict.usage());
        }
        return sum;
    }

    /**
     * Money of all analyses.
     *
     * @return the sum
     */
    public Money cost() {
        Money sum = Money.ZERO;
        for (Verdict verdict : verdicts) {
            sum = sum.plus(verdict.cost());
        }
        return sum;
    }

    /**
     * The most attempts any analysis needed.
     *
     * @return 1 where nothing failed, also where nothing was judged
     */
    public int attempts() {
        int most = 1;
        for (Verdict verdict : verdicts) {
            most = Math.max(most, verdict.attempts());
        }
        return most;
    }
}
