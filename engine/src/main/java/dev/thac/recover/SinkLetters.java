package dev.thac.recover;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Dead letters of sinks. A sink reads what the pipeline has written, so its records carry headers
 * of ours already: those are kept under {@code thac.kept.} and their name, beside the headers that
 * {@link DeadLetters} adds. {@code thac.source} is the record's place in the topic that the sink
 * reads, and {@code thac.sink} names the sink. Immutable and thread-safe.
 */
public final class SinkLetters {

    /** The stage of every dead letter of a sink. */
    public static final String STAGE = "sink";

    /** The header that names the sink. */
    public static final String SINK = "thac.sink";

    private static final String KEPT = "thac.kept.";

    private final DeadLetters letters;

    /**
     * Dead letters of a pipeline's sinks.
     *
     * @param pipeline the pipeline
     * @param topic where they go
     */
    public SinkLetters(String pipeline, String topic) {
        this.letters = new DeadLetters(pipeline, topic);
    }

    /**
     * Makes the record of one that the target never takes.
     *
     * @param delivery the record as it came
     * @param sink the sink
     * @param failure why
     * @param now when
     * @return the record
     */
    public SinkRecord record(Delivery delivery, String sink, Failure failure, Instant now) {
        List<Header> headers = new ArrayList<>();
        for (Header header : delivery.headers()) {
            headers.add(
                    ours(header.key()) ? new Header(KEPT + header.key(), header.value()) : header);
        }
        headers.add(Header.text(SINK, sink));
        Delivery kept =
                new Delivery(
                        delivery.id(),
                        delivery.timestamp(),
                        delivery.key(),
                        delivery.value(),
                        headers,
                        delivery.earlier());
        return letters.record(
                kept,
                failure,
                Trail.after(delivery.earlier()),
                delivery.earlier().firstFailure().orElse(now));
    }

    /**
     * Recognises a record that a redrive brings back.
     *
     * @param record the record of the sink's retry topic
     * @return the record as it first came to the sink, coordinates and headers included; as it is
     *     where somebody else wrote it
     */
    public static Delivery returned(Delivery record) {
        Optional<Delivery> back = RetryRecords.returned(record);
        if (back.isEmpty()) {
            return record;
        }
        List<Header> headers = new ArrayList<>();
        for (Header header : back.get().headers()) {
            if (header.key().startsWith(KEPT)) {
                headers.add(new Header(header.key().substring(KEPT.length()), header.value()));
            } else if (!header.key().equals(SINK)) {
                headers.add(header);
            }
        }
        return new Delivery(
                back.get().id(),
                back.get().timestamp(),
                back.get().key(),
                back.get().value(),
                List.copyOf(headers),
                back.get().earlier());
    }

    /**
     * Whether a record is a dead letter of that very sink: one that reads the pipeline's dead
     * letters leaves those where they are.
     *
     * @param record the record
     * @param pipeline the pipeline
     * @param sink the sink
     * @return true when it is
     */
    public static boolean of(Delivery record, String pipeline, String sink) {
        return has(record, EventHeaders.STAGE, STAGE)
                && has(record, SINK, sink)
                && has(record, EventHeaders.PIPELINE, pipeline);
    }

    private static boolean has(Delivery record, String name, String value) {
        return record.headers().stream()
                .anyMatch(each -> each.key().equals(name) && each.text().equals(value));
    }

    private static boolean ours(String name) {
        return EventHeaders.ours(name) || name.startsWith(KEPT) || name.equals(SINK);
    }
}
