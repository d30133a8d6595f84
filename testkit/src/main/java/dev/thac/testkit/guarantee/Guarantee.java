package dev.thac.testkit.guarantee;

import java.util.List;

/** One promise, checked against evidence. Implementations are immutable. */
public interface Guarantee {

    /** How many ids a message lists. */
    int LISTED = 20;

    /** What is promised, as one would tell a user. */
    String promise();

    /** What contradicts the promise, each with the ids concerned; empty when it is kept. */
    List<String> violations(Evidence evidence);

    /**
     * Fails if the promise is broken.
     *
     * @throws AssertionError with the promise and everything that contradicts it
     */
    default void verify(Evidence evidence) {
        List<String> violations = violations(evidence);
        if (!violations.isEmpty()) {
            throw new AssertionError(
                    "broken: " + promise() + "\n  " + String.join("\n  ", violations));
        }
    }

    /** A count, what they are, and the first ids. */
    static String listing(int all, String what, List<String> ids) {
        String more = ids.size() > LISTED ? ", … (" + (ids.size() - LISTED) + " more)" : "";
        return ids.size()
                + " of "
                + all
                + " "
                + what
                + ": "
                + String.join(", ", ids.subList(0, Math.min(LISTED, ids.size())))
                + more;
    }
}
