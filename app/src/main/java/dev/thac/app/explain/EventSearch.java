package dev.thac.app.explain;

import dev.thac.app.kafka.RecordHeaders;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.event.RecordId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks for an event and for what was written for it, within bounds. Used by one thread. */
public final class EventSearch {

    private final Consumer<byte[], byte[]> consumer;
    private final long limit;
    private final List<String> scans = new ArrayList<>();

    /**
     * A search.
     *
     * @param consumer reads
     * @param limit most offsets to look at in each topic
     */
    public EventSearch(Consumer<byte[], byte[]> consumer, long limit) {
        this.consumer = consumer;
        this.limit = limit;
    }

    /**
     * The record at some coordinates.
     *
     * @param id the coordinates
     * @return the record; empty where it is gone
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Optional<ConsumerRecord<byte[], byte[]>> at(RecordId id) throws InterruptedException {
        TopicRange all = TopicRange.all(consumer, List.of(id.topic()));
        TopicPartition place = new TopicPartition(id.topic(), id.partition());
        if (id.offset() < all.start(place) || id.offset() >= all.end(place)) {
            return Optional.empty();
        }
        TopicRange one =
                new TopicRange(Map.of(place, id.offset()), Map.of(place, id.offset() + 1), 1);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        TopicScan.read(consumer, one, found::add);
        return found.stream().findFirst();
    }

    /**
     * The newest record of some topics that is meant.
     *
     * @param topics where to look
     * @param since the earliest time; empty: the newest records, as many as the limit allows
     * @param meant knows it
     * @return the record; empty where none was found within the bounds
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Optional<ConsumerRecord<byte[], byte[]>> newest(
            List<String> topics,
            Optional<Instant> since,
            Predicate<ConsumerRecord<byte[], byte[]>> meant)
            throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> found = all(topics, since, meant);
        ConsumerRecord<byte[], byte[]> newest = null;
        for (ConsumerRecord<byte[], byte[]> each : found) {
            if (newest == null || each.timestamp() >= newest.timestamp()) {
                newest = each;
            }
        }
        return Optional.ofNullable(newest);
    }

    /**
     * What was written for an event.
     *
     * @param topic where to look
     * @param since the earliest time of the records; empty: the newest ones
     * @param id the event
     * @return records whose {@code thac.source} is the event
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<ConsumerRecord<byte[], byte[]>> written(
            String topic, Optional<Instant> since, RecordId id) throws InterruptedException {
        String source = id.toString();
        return all(
                List.of(topic),
                since,
                record ->
                        RecordHeaders.text(record, "thac.source")
                                .filter(source::equals)
                                .isPresent());
    }

    /** What was looked at so far, one line for each topic. */
    public List<String> scans() {
        return List.copyOf(scans);
    }

    private List<ConsumerRecord<byte[], byte[]>> all(
            List<String> topics,
            Optional<Instant> since,
            Predicate<ConsumerRecord<byte[], byte[]>> meant)
            throws InterruptedException {
        TopicRange all = TopicRange.all(consumer, topics);
        TopicRange range =
                since.isPresent()
                        ? all.since(consumer, since.get()).oldest(limit)
                        : all.newest(limit);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        TopicScan scan =
                TopicScan.read(
                        consumer,
                        range,
                        record -> {
                            if (meant.test(record)) {
                                found.add(record);
                            }
                            return true;
                        });
        scans.add(
                String.join(", ", topics)
                        + since.map(time -> " from " + time).orElse("")
                        + ": "
                        + scan.line());
        return found;
    }
}
