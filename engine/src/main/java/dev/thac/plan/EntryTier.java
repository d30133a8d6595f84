package dev.thac.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a new account may do, in the order of magnitude: 50 calls, 30,000 input and 8,000 output
 * tokens a minute (Anthropic's first tier, from memory of its documentation). Only used to warn
 * where no limits are declared.
 */
final class EntryTier {

    private static final double CALLS = 50;
    private static final double INPUT = 30_000;
    private static final double OUTPUT = 8_000;

    private EntryTier() {}

    static Optional<String> exceeded(AccountPlan account) {
        List<String> over = new ArrayList<>();
        over(over, account.callsPerMinute(), CALLS, "calls");
        over(over, account.inputTokensPerMinute(), INPUT, "input tokens");
        over(over, account.outputTokensPerMinute(), OUTPUT, "output tokens");
        return over.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "no limits are declared; a new account allows about 50 calls, 30,000 input"
                                + " and 8,000 output tokens a minute, and the busiest hour needs "
                                + String.join(", ", over));
    }

    private static void over(List<String> over, Demand demand, double limit, String what) {
        if (demand.peak() > limit) {
            over.add(Words.number(demand.peak()) + " " + what);
        }
    }
}
