package dev.thac.app.deadletter;

import dev.thac.app.kafka.RecordHeaders;
import dev.thac.event.RecordId;
import dev.thac.recover.SinkLetters;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of a dead-letter topic and what its headers say.
 *
 * @param record the record as it was read
 */
public record DeadLetter(ConsumerRecord<byte[], byte[]> record) {

    /** Where the dead letter itself lies. */
    public RecordId place() {
        return new RecordId(record.topic(), record.partition(), record.offset());
    }

    /** Where the event came from; empty where the record is no dead letter of ours. */
    public Optional<RecordId> source() {
        try {
            return RecordHeaders.text(record, "thac.source").map(RecordId::parse);
        } catch (IllegalArgumentException _) {
            // a header of that name that someone else wrote
            return Optional.empty();
        }
    }

    /** The pipeline that refused the event; empty where the record does not say. */
    public String pipeline() {
        return RecordHeaders.text(record, "thac.pipeline").orElse("");
    }

    /** Why, in one word. */
    public String reason() {
        return RecordHeaders.text(record, "thac.reason").orElse("unknown");
    }

    /** Where in the pipeline. */
    public String stage() {
        return RecordHeaders.text(record, "thac.stage").orElse("unknown");
    }

    /** The sink that refused it; empty where the pipeline itself did. */
    public Optional<String> sink() {
        return stage().equals(SinkLetters.STAGE)
                ? RecordHeaders.text(record, SinkLetters.SINK)
                : Optional.empty();
    }

    /** What exactly. */
    public String message() {
        return RecordHeaders.text(record, "thac.message").orElse("");
    }

    /** How often it was sent again from here. */
    public long redrives() {
        return RecordHeaders.number(record, "thac.redrives");
    }

    /** Whether its value was too large to be kept. */
    public boolean truncated() {
        return RecordHeaders.text(record, "thac.truncated").isPresent();
    }

    /** When the event failed first; the record's own time where it does not say. */
    public Instant failedAt() {
        try {
            return RecordHeaders.text(record, "thac.first-failure")
                    .map(Instant::parse)
                    .orElseGet(() -> Instant.ofEpochMilli(record.timestamp()));
        } catch (DateTimeException _) {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }

    /** The event's own time: that of the source record. */
    public long sourceTimestamp() {
        long told = RecordHeaders.number(record, "thac.source.timestamp");
        return told == 0 ? record.timestamp() : told;
    }

    /** Whether an id means this one: its own place, or that of the event it was made from. */
    public boolean hasId(String id) {
        return place().toString().equals(id)
                || source().map(RecordId::toString).filter(id::equals).isPresent();
    }
}
