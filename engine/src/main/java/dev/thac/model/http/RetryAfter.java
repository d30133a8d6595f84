package dev.thac.model.http;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long an answer asks to wait: {@code retry-after-ms} (milliseconds), else {@code retry-after}
 * (seconds or an HTTP date, RFC 9110 section 10.2.3). A date is taken relative to the answer's own
 * {@code Date}, so that neither clock needs to be right.
 */
final class RetryAfter {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MAX_SECONDS = 1e8;

    private RetryAfter() {}

    static Optional<Duration> of(HttpHeaders headers) {
        Optional<Duration> millis =
                headers.firstValue("retry-after-ms").flatMap(text -> number(text, NANOS_PER_MILLI));
        if (millis.isPresent()) {
            return millis;
        }
        return headers.firstValue("retry-after")
                .flatMap(text -> number(text, NANOS_PER_SECOND).or(() -> date(text, headers)));
    }

    private static Optional<Duration> number(String text, double unitNanos) {
        try {
            double value = Double.parseDouble(text.strip());
            return value >= 0 && value < MAX_SECONDS
                    ? Optional.of(Duration.ofNanos((long) (value * unitNanos)))
                    : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> date(String text, HttpHeaders headers) {
        Optional<Instant> then = HttpDate.parse(text);
        Optional<Instant> now = HttpDate.of(headers);
        if (then.isEmpty() || now.isEmpty()) {
            return Optional.empty();
        }
        Duration wait = Duration.between(now.get(), then.get());
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    }
}
