package dev.thac.recover;

import dev.thac.event.Delivery;
import dev.thac.event.Earlier;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.spec.DataSize;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Makes dead-letter records: key, value, headers and timestamp of the source record, untouched, so
 * that any tool can replay them; behind those headers, the reason:
 *
 * <ul>
 *   <li>{@code thac.source}: the original coordinates, topic-partition@offset
 *   <li>{@code thac.pipeline}, {@code thac.stage}: who refused it, and where
 *   <li>{@code thac.reason}: the error code's label; {@code thac.message}: what exactly
 *   <li>{@code thac.attempts}: attempts of all passes; {@code thac.retries}: retry topics passed;
 *       {@code thac.redrives}: how often a person sent it back; {@code thac.first-failure}: when
 *       the first attempt of all failed, ISO 8601
 *   <li>{@code thac.source.timestamp}: the original record's time, where the event came through a
 *       retry topic
 *   <li>{@code thac.cost.nanos}, {@code thac.tokens}: what it cost so far, all passes; {@code
 *       thac.cost.nanos.before}, {@code thac.tokens.before}: what of these stands in an earlier
 *       dead letter of the same event already
 *   <li>{@code thac.settled.<analysis>}: an analysis that was settled, its answer and how it came
 *       about, as {@link dev.thac.event.VerdictJson} writes it
 *   <li>{@code thac.truncated}: {@code true} where the record was too large to be written here, and
 *       the value was left out
 * </ul>
 *
 * <p>Figures that are zero are left out. Headers of these names that the source record carried are
 * replaced. Immutable and thread-safe.
 */
public final class DeadLetters {

    private static final DataSize UNLIMITED = new DataSize(Long.MAX_VALUE);

    /** What the framing of a record and of each header takes, at most. */
    private static final int RECORD_OVERHEAD = 128;

    private static final int HEADER_OVERHEAD = 10;
    private static final Header TRUNCATED = Header.text(EventHeaders.TRUNCATED, "true");

    private final String pipeline;
    private final String topic;
    private final DataSize largest;

    /**
     * Dead letters of any size.
     *
     * @param pipeline the pipeline's name
     * @param topic where they go
     */
    public DeadLetters(String pipeline, String topic) {
        this(pipeline, topic, UNLIMITED);
    }

    /**
     * Dead letters that fit the topic.
     *
     * @param pipeline the pipeline's name
     * @param topic where they go
     * @param largest the largest record; of a larger one the value is left out
     */
    public DeadLetters(String pipeline, String topic, DataSize largest) {
        this.pipeline = pipeline;
        this.topic = topic;
        this.largest = largest;
    }

    /**
     * Makes the record of one event.
     *
     * @param delivery the event as it came
     * @param failure why it could not be settled
     * @param trail what was done for it
     * @param firstFailure when its first attempt failed
     * @return the record
     */
    public SinkRecord record(
            Delivery delivery, Failure failure, Trail trail, Instant firstFailure) {
        Earlier earlier = delivery.earlier();
        List<Header> headers = EventHeaders.others(delivery.headers());
        EventHeaders.addSource(headers, delivery);
        if (earlier.retries() > 0 || earlier.redrives() > 0) {
            EventHeaders.addSourceTimestamp(headers, delivery);
        }
        EventHeaders.addFailure(headers, pipeline, failure, trail, firstFailure);
        EventHeaders.addCount(headers, EventHeaders.RETRIES, earlier.retries());
        EventHeaders.addCount(headers, EventHeaders.REDRIVES, earlier.redrives());
        EventHeaders.addTrail(headers, trail);
        SinkRecord whole = letter(delivery, delivery.value(), headers);
        long size =
                (long) whole.bytes() + RECORD_OVERHEAD + (long) HEADER_OVERHEAD * headers.size();
        if (size <= largest.bytes() || delivery.value() == null) {
            return whole;
        }
        headers.add(TRUNCATED);
        return letter(delivery, null, headers);
    }

    private SinkRecord letter(Delivery delivery, byte @Nullable [] value, List<Header> headers) {
        return new SinkRecord(
                topic, null, delivery.timestamp(), delivery.key(), value, List.copyOf(headers));
    }
}
