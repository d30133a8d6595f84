package dev.thac.recover;

import static dev.thac.recover.EventHeaders.ATTEMPTS;
import static dev.thac.recover.EventHeaders.COST;
import static dev.thac.recover.EventHeaders.COST_BEFORE;
import static dev.thac.recover.EventHeaders.FIRST_FAILURE;
import static dev.thac.recover.EventHeaders.REDRIVES;
import static dev.thac.recover.EventHeaders.RETRIES;
import static dev.thac.recover.EventHeaders.SETTLED;
import static dev.thac.recover.EventHeaders.SOURCE;
import static dev.thac.recover.EventHeaders.SOURCE_TIMESTAMP;
import static dev.thac.recover.EventHeaders.TOKENS;
import static dev.thac.recover.EventHeaders.TOKENS_BEFORE;

import dev.thac.event.Delivery;
import dev.thac.event.Earlier;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.event.VerdictJson;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records of retry topics: how an event is written there, and how it is recognised when it comes
 * back. Key, value and headers are those of the source record, untouched; behind those headers:
 *
 * <ul>
 *   <li>{@code thac.source}: the original coordinates, topic-partition@offset; {@code
 *       thac.source.timestamp}: the original record's time, milliseconds since the epoch
 *   <li>{@code thac.pipeline}, {@code thac.stage}, {@code thac.reason}, {@code thac.message}: who
 *       sent it back, where, and why
 *   <li>{@code thac.attempts}: attempts of all passes; {@code thac.retries}: retry topics passed,
 *       this one included; {@code thac.redrives}: how often a person sent it back, where that
 *       happened; {@code thac.first-failure}: when the first attempt of all failed, ISO 8601
 *   <li>{@code thac.cost.nanos}, {@code thac.tokens}: what all passes cost; left out where zero
 *   <li>{@code thac.cost.nanos.before}, {@code thac.tokens.before}: what of these stands in a dead
 *       letter already, where a person sent the event back
 *   <li>{@code thac.settled.<analysis>}: an answer that stands, as {@link VerdictJson} writes it:
 *       it is not asked for again
 * </ul>
 *
 * <p>Headers of these names that the source record carried are replaced. The record has no time of
 * its own: the broker stamps it when it arrives, and from then on it waits. It goes to the
 * partition of the same number as the original. Immutable and thread-safe.
 */
public final class RetryRecords {

    /** The broker sets the time. */
    private static final long NO_TIME = -1;

    private final String pipeline;

    /**
     * Records of one pipeline.
     *
     * @param pipeline its name
     */
    public RetryRecords(String pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * Makes the record that brings an event back.
     *
     * @param topic where it goes
     * @param delivery the event as it came
     * @param failure why it could not be settled now
     * @param trail what was done for it
     * @param firstFailure when its first attempt failed
     * @return the record
     */
    public SinkRecord record(
            RetryTopic topic,
            Delivery delivery,
            Failure failure,
            Trail trail,
            Instant firstFailure) {
        Earlier earlier = trail.earlier();
        List<Header> headers = EventHeaders.others(delivery.headers());
        EventHeaders.addSource(headers, delivery);
        EventHeaders.addSourceTimestamp(headers, delivery);
        EventHeaders.addFailure(headers, pipeline, failure, trail, firstFailure);
        EventHeaders.addCount(headers, RETRIES, earlier.retries() + 1L);
        EventHeaders.addCount(headers, REDRIVES, earlier.redrives());
        EventHeaders.addTrail(headers, trail);
        return new SinkRecord(
                topic.name(),
                delivery.id().partition(),
                NO_TIME,
                delivery.key(),
                delivery.value(),
                List.copyOf(headers));
    }

    /**
     * Recognises an event that comes back.
     *
     * @param record the record of a retry topic, with its own coordinates and time
     * @return the event under its original coordinates and time, without our headers; empty when
     *     they are missing or damaged: then somebody else wrote the record, and it is an event of
     *     its own. An answer that cannot be read does no such harm: it is asked for again
     */
    public static Optional<Delivery> returned(Delivery record) {
        Map<String, Header> ours = new HashMap<>();
        List<Verdict> settled = new ArrayList<>();
        for (Header header : record.headers()) {
            String name = header.key();
            if (name.startsWith(SETTLED)) {
                settled(name.substring(SETTLED.length()), header).ifPresent(settled::add);
            } else if (EventHeaders.ours(name)) {
                ours.put(name, header);
            }
        }
        Header source = ours.get(SOURCE);
        if (source == null) {
            return Optional.empty();
        }
        try {
            Header first = ours.get(FIRST_FAILURE);
            Earlier earlier =
                    new Earlier(
                            Math.toIntExact(count(ours.get(ATTEMPTS))),
                            Math.toIntExact(count(ours.get(RETRIES))),
                            Math.toIntExact(count(ours.get(REDRIVES))),
                            first == null
                                    ? Optional.empty()
                                    : Optional.of(Instant.parse(first.text())),
                            new Money(count(ours.get(COST))),
                            count(ours.get(TOKENS)),
                            new Earlier.Reported(
                                    new Money(count(ours.get(COST_BEFORE))),
                                    count(ours.get(TOKENS_BEFORE))),
                            settled);
            Header time = ours.get(SOURCE_TIMESTAMP);
            RecordId id = RecordId.parse(source.text());
            if (id.offset() < 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new Delivery(
                            id,
                            time == null ? record.timestamp() : Long.parseLong(time.text()),
                            record.key(),
                            record.value(),
                            List.copyOf(EventHeaders.others(record.headers())),
                            earlier));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<Verdict> settled(String analysis, Header header) {
        byte[] json = header.value();
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(VerdictJson.read(analysis, json));
        } catch (IllegalArgumentException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static long count(@Nullable Header header) {
        if (header == null) {
            return 0;
        }
        long count = Long.parseLong(header.text());
        if (count < 0) {
            throw new IllegalArgumentException(header.key() + " is negative");
        }
        return count;
    }
}
