package dev.thac.app.deadletter;

import dev.thac.event.RecordId;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * One transaction's worth of redriven dead letters. Key, value and headers are the source record's;
 * of our own headers those stay that the event needs: where it came from and what was settled.
 * Attempts and retries begin anew. Used by one thread.
 */
final class RedriveBatch {

    /** Ours that say what became of the event; it begins anew. */
    private static final Set<String> DROPPED =
            Set.of(
                    "thac.source",
                    "thac.source.timestamp",
                    "thac.redrives",
                    "thac.pipeline",
                    "thac.stage",
                    "thac.reason",
                    "thac.message",
                    "thac.attempts",
                    "thac.retries",
                    "thac.first-failure",
                    "thac.cost.nanos.before",
                    "thac.tokens.before",
                    "thac.truncated",
                    "thac.replay");

    private static final String SETTLED = "thac.settled.";

    private final Producer<byte[], byte[]> producer;
    private final RedriveProgress progress;
    private final RetryTargets targets;
    private int size;
    private long began;

    RedriveBatch(
            Producer<byte[], byte[]> producer, RedriveProgress progress, RetryTargets targets) {
        this.producer = producer;
        this.progress = progress;
        this.targets = targets;
    }

    int size() {
        return size;
    }

    /** Sends one, in a transaction that is still open. */
    void add(DeadLetter letter) {
        if (size == 0) {
            producer.beginTransaction();
            began = System.nanoTime();
        }
        size++;
        progress.add(letter);
        Future<RecordMetadata> _ = producer.send(record(letter));
    }

    /** Commits what was sent; returns how long to wait then, for the rate's sake. */
    Duration commit(double rate) {
        if (size == 0) {
            return Duration.ZERO;
        }
        // when one of these fails, closing the producer aborts what is open
        progress.changes()
                .forEach(
                        change -> {
                            Future<RecordMetadata> _ = producer.send(change);
                        });
        producer.commitTransaction();
        long due = began + (long) (size / rate * 1e9);
        size = 0;
        return Duration.ofNanos(Math.max(0, due - System.nanoTime()));
    }

    private ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        RecordId source = letter.source().orElseThrow();
        RetryTarget target = targets.of(letter).orElseThrow();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        target.topic(),
                        source.partition() % target.partitions(),
                        letter.sourceTimestamp(),
                        letter.record().key(),
                        letter.record().value());
        Headers headers = record.headers();
        for (Header header : letter.record().headers()) {
            boolean kept =
                    header.key().startsWith(SETTLED)
                            ? !target.askAgain()
                            : !DROPPED.contains(header.key());
            if (kept) {
                headers.add(header);
            }
        }
        add(headers, "thac.source", source.toString());
        add(headers, "thac.source.timestamp", Long.toString(letter.sourceTimestamp()));
        before(headers, "thac.cost.nanos");
        before(headers, "thac.tokens");
        add(headers, "thac.redrives", Long.toString(letter.redrives() + 1));
        return record;
    }

    /** What the event cost so far stands in the dead letter: sums must not count it again. */
    private static void before(Headers headers, String name) {
        Header figure = headers.lastHeader(name);
        if (figure != null) {
            headers.add(name + ".before", figure.value());
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
