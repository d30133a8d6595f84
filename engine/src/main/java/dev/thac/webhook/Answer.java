package dev.thac.webhook;

import java.time.Duration;

/**
 * What the receiver of a call said.
 *
 * @param status its HTTP status
 * @param retryAfter how long it wants to be left alone, at most an hour; zero where it does not say
 */
public record Answer(int status, Duration retryAfter) {

    /**
     * Whether it has what was sent.
     *
     * @return true for 2xx
     */
    public boolean taken() {
        return status >= 200 && status <= 299;
    }

    /**
     * Whether it will never take it.
     *
     * @return true for 4xx, save those that mean later: 408, 425 and 429
     */
    public boolean refused() {
        return status >= 400 && status <= 499 && status != 408 && status != 425 && status != 429;
    }
}
