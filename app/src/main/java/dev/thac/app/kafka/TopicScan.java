package dev.thac.app.kafka;

import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a {@link TopicRange} to its end, and says how much that was.
 *
 * @param records records read
 * @param bytes bytes of their keys and values
 * @param offsets offsets of the range
 * @param available offsets in the topics at that time
 * @param complete whether the end was reached; false where the reader had enough
 * @param took how long it took
 */
public record TopicScan(
        long records, long bytes, long offsets, long available, boolean complete, Duration took) {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(20);

    /** Who looks at the records. */
    public interface Reader {
        /**
         * One record, in the order of its partition.
         *
         * @param record the record
         * @return false to end here
         * @throws InterruptedException when the calling thread is interrupted
         */
        boolean read(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;
    }

    /**
     * Reads.
     *
     * @param consumer without a group; its assignment is replaced
     * @param range what to read
     * @param reader sees every record of it
     * @return how much was read
     * @throws InterruptedException when the calling thread is interrupted
     * @throws TimeoutException when the brokers fall silent before the end
     */
    public static TopicScan read(Consumer<byte[], byte[]> consumer, TopicRange range, Reader reader)
            throws InterruptedException {
        long began = System.nanoTime();
        Map<TopicPartition, Long> open =
                range.to().entrySet().stream()
                        .filter(each -> range.start(each.getKey()) < each.getValue())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        consumer.assign(open.keySet());
        consumer.resume(open.keySet()); // an earlier scan may have paused some
        open.keySet().forEach(place -> consumer.seek(place, range.start(place)));
        long records = 0;
        long bytes = 0;
        long moved = began;
        boolean enough = false;
        while (!open.isEmpty() && !enough) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                moved = System.nanoTime();
                TopicPartition place = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < range.end(place) && !enough) {
                    records++;
                    bytes += size(record.key()) + size(record.value());
                    enough = !reader.read(record);
                }
            }
            if (open.entrySet()
                    .removeIf(each -> consumer.position(each.getKey()) >= each.getValue())) {
                consumer.pause(
                        consumer.assignment().stream()
                                .filter(place -> !open.containsKey(place))
                                .toList());
                moved = System.nanoTime();
            }
            if (System.nanoTime() - moved > SILENCE.toNanos()) {
                throw new TimeoutException(
                        "no record for " + Words.duration(SILENCE) + " from " + open.keySet());
            }
        }
        return new TopicScan(
                records,
                bytes,
                range.offsets(),
                range.available(),
                !enough,
                Duration.ofNanos(System.nanoTime() - began));
    }

    /**
     * For people: how much was looked at.
     *
     * @return for example {@code looked at 1,204 records (all there are) in 340 ms}
     */
    public String line() {
        String part =
                !complete
                        ? "then had enough"
                        : offsets >= available
                                ? "all there are"
                                : "of " + Words.grouped(available) + " offsets there are";
        return "looked at "
                + Words.count(records, "record")
                + " ("
                + part
                + ") in "
                + Words.duration(took);
    }

    private static int size(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
