package dev.thac.event;

import java.util.ArrayList;
import java.util.List;

/**
 * What was done for an event on its way to its outcome; the lane counts and reports from it. An
 * event that comes back through a retry topic has one trail per pass: {@link #usage()} and {@link
 * #cost()} are what this pass has spent, so that the sums over all passes are exact; {@link
 * #tokens()}, {@link #price()} and {@link #attempts()} are what all of them took, as the headers of
 * its outcome say.
 *
 * @param verdicts one per analysis that was reached, in the file's order, those settled by earlier
 *     passes included
 * @param reached those of them that this pass has reached
 * @param earlier the passes before
 * @param fills answers of this pass for the answer caches, which the lane applies
 */
public record Trail(
        List<Verdict> verdicts, List<Verdict> reached, Earlier earlier, List<CacheFill> fills) {

    /** Nothing was judged. */
    public static final Trail NONE = new Trail(List.of());

    /** Copies the lists. */
    public Trail {
        verdicts = List.copyOf(verdicts);
        reached = List.copyOf(reached);
        fills = List.copyOf(fills);
    }

    /**
     * A trail that brings the answer caches nothing.
     *
     * @param verdicts one per analysis that was reached, in the file's order
     * @param reached those of them that this pass has reached
     * @param earlier the passes before
     */
    public Trail(List<Verdict> verdicts, List<Verdict> reached, Earlier earlier) {
        this(verdicts, reached, earlier, List.of());
    }

    /**
     * The trail of an event that came for the first time.
     *
     * @param verdicts one per analysis that was reached, in the file's order
     */
    public Trail(List<Verdict> verdicts) {
        this(verdicts, verdicts, Earlier.NONE);
    }

    /**
     * The trail of an event for which this pass has done nothing yet.
     *
     * @param earlier the passes before
     * @return the trail
     */
    public static Trail after(Earlier earlier) {
        return earlier.nothing() ? NONE : new Trail(earlier.settled(), List.of(), earlier);
    }

    /**
     * Tokens that this pass has spent, on all analyses.
     *
     * @return the sum
     */
    public TokenUsage usage() {
        TokenUsage sum = TokenUsage.NONE;
        for (Verdict verdict : reached) {
            sum = sum.plus(verdict.usage());
        }
        return sum;
    }

    /**
     * Money that this pass has spent, on all analyses.
     *
     * @return the sum
     */
    public Money cost() {
        Money sum = Money.ZERO;
        for (Verdict verdict : reached) {
            sum = sum.plus(verdict.cost());
        }
        return sum;
    }

    /**
     * Tokens of all passes, of all kinds.
     *
     * @return the sum
     */
    public long tokens() {
        return earlier.tokens() + usage().total();
    }

    /**
     * Money of all passes.
     *
     * @return the sum
     */
    public Money price() {
        return earlier.cost().plus(cost());
    }

    /**
     * Attempts of all passes: of each the most that any analysis needed.
     *
     * @return 1 where nothing failed, also where nothing was judged
     */
    public int attempts() {
        int most = 1;
        for (Verdict verdict : reached) {
            most = Math.max(most, verdict.attempts());
        }
        return earlier.attempts() + most;
    }

    /**
     * The verdicts that are answers.
     *
     * @return those that need not be asked for again
     */
    public List<Verdict> answered() {
        List<Verdict> answered = new ArrayList<>(verdicts.size());
        for (Verdict verdict : verdicts) {
            if (verdict.result() instanceof Verdict.Result.Answered) {
                answered.add(verdict);
            }
        }
        return answered;
    }
}
