package dev.thac.testkit.simulator;

import java.math.BigDecimal;

/**
 * The account's own limit on spending: once the bill has reached it, calls are refused.
 *
 * @param usd the limit
 * @param form how Anthropic's API says so; OpenAI's has one form only
 */
public record SpendCap(BigDecimal usd, Form form) {

    /** The ways a spend cap is reported. */
    public enum Form {
        /** 429 with {@code enforced_spend_limit_reached} and without {@code retry-after}. */
        RATE_LIMIT_ERROR,
        /** 400 {@code invalid_request_error}, as for the cap of an organisation or a workspace. */
        INVALID_REQUEST
    }

    /** A cap that is reported as 429. */
    public static SpendCap of(String usd) {
        return new SpendCap(new BigDecimal(usd), Form.RATE_LIMIT_ERROR);
    }
}
