package dev.thac.window;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.ThacException;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.spec.CelText;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/**
 * When an event happened: the record's timestamp, or what {@code source.time} says, which is RFC
 * 3339 text (without an offset it is taken as UTC, as programs that leave it out mostly run there)
 * or milliseconds since the epoch. A time far ahead of the record's timestamp is not believed: it
 * is what a wrong clock says, and whoever went by it would take all events after it for late. Both
 * are in the log, so whoever reads it again comes to the same. Pure and thread-safe.
 */
final class EventTime {

    private static final String STAGE = "time";

    /** The end of the year 9999: what RFC 3339 can say. */
    private static final long LATEST = 253_402_300_799_999L;

    private final @Nullable Formula formula;
    private final long maxAhead;

    /** What came of looking for the time. */
    sealed interface Result {
        /** Milliseconds since the epoch. */
        record Known(long millis) implements Result {}

        /** It is too far ahead of its record. */
        record Ahead(Failure failure) implements Result {}

        /** There is none that can be used. */
        record Unusable(Failure failure) implements Result {}
    }

    private EventTime(@Nullable Formula formula, long maxAhead) {
        this.formula = formula;
        this.maxAhead = maxAhead;
    }

    /** Compiles {@code source.time}. */
    static EventTime of(EventClock clock) {
        try {
            Optional<CelText> time = clock.time();
            return new EventTime(
                    time.isPresent() ? Expressions.formula(time.get().text()) : null,
                    clock.maxAhead().toMillis());
        } catch (ExpressionException e) {
            throw new ThacException(ErrorCode.BAD_SPEC, "source.time: " + e.getMessage(), e);
        }
    }

    Result of(Event event) {
        Formula wanted = formula;
        long stamped = event.delivery().timestamp();
        if (wanted == null) {
            return known(stamped);
        }
        try {
            Result result = read(wanted.apply(event));
            boolean stampless = stamped < 0; // as records of Kafka's first format are
            return !stampless
                            && result instanceof Result.Known(long time)
                            && time - stamped > maxAhead
                    ? ahead(time, stamped)
                    : result;
        } catch (EvaluationException e) {
            return unusable(String.valueOf(e.getMessage()));
        }
    }

    private static Result ahead(long time, long stamped) {
        return new Result.Ahead(
                new Failure(
                        ErrorCode.WRONG_TYPE,
                        STAGE,
                        "%s is too far ahead of the record's timestamp, %s"
                                .formatted(
                                        Instant.ofEpochMilli(time),
                                        Instant.ofEpochMilli(stamped))));
    }

    private static Result read(@Nullable Object time) {
        return switch (time) {
            case Long millis -> known(millis);
            case Double millis when millis == Math.rint(millis) -> known(millis.longValue());
            case Instant instant -> known(instant.toEpochMilli());
            case String text -> parsed(text);
            case null -> unusable("there is no time");
            default -> unusable("no time is read from " + time.getClass().getSimpleName());
        };
    }

    private static Result parsed(String text) {
        try {
            TemporalAccessor read =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(
                            text.length() > 10 && text.charAt(10) == ' '
                                    ? text.substring(0, 10) + 'T' + text.substring(11)
                                    : text,
                            OffsetDateTime::from,
                            LocalDateTime::from);
            return known(
                    read instanceof LocalDateTime local
                            ? local.toInstant(ZoneOffset.UTC).toEpochMilli()
                            : Instant.from(read).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return unusable("no RFC 3339 time: " + e.getMessage());
        }
    }

    private static Result known(long millis) {
        return millis < 0 || millis > LATEST
                ? unusable(millis + " is no time between 1970 and 9999")
                : new Result.Known(millis);
    }

    private static Result unusable(String message) {
        return new Result.Unusable(new Failure(ErrorCode.WRONG_TYPE, STAGE, message));
    }
}
