package dev.thac.model.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Dates in headers: RFC 9110 section 5.6.7. */
final class HttpDate {

    private HttpDate() {}

    /** When the answer was made, by its maker's clock. */
    static Optional<Instant> of(HttpHeaders headers) {
        return headers.firstValue("date").flatMap(HttpDate::parse);
    }

    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(
                    ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
