package dev.thac.kafka;

import dev.thac.cascade.Answers;
import dev.thac.event.Delivery;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The answers of one pipeline in a topic, so that a crash does not buy them again. Every answer is
 * appended when it arrives, in the partition whose number is its source partition's; whoever is
 * assigned a source partition reads the answers of its unfinished events before it judges them.
 * Thread-safe.
 *
 * <p>Appending never holds an event up: a crash can buy again what was in flight or not yet
 * acknowledged. Reading does hold events up, for as long as it cannot be done: an answer that is in
 * the journal is never bought again.
 */
public final class Journal implements Answers, AutoCloseable {

    /** Settings of a new journal topic: a day is longer than any outage an answer must survive. */
    public static final Map<String, String> TOPIC_SETTINGS =
            Map.of("cleanup.policy", "delete", "retention.ms", "86400000");

    private static final long COMPLAINT_INTERVAL = 1_000_000_000L;

    private final JournalSettings settings;
    private final Ticker ticker;
    private volatile Listener listener = (_, _) -> {};
    private final JournalMemory memory;
    private final JournalReader reader;
    private final RecordWriter writer;
    private final Meters.Count acknowledged;
    private final Meters.Count failed;
    private final Meters.Count skipped;
    private final AtomicLong nextComplaint;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Who reports; called on any thread. */
    public interface Listener {
        /** Something failed. */
        void trouble(String what, Exception cause);
    }

    private Journal(JournalSettings settings, Meters meters, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        String pipeline = settings.pipeline();
        this.memory = new JournalMemory(settings, meters);
        this.acknowledged = meters.count(Metric.JOURNAL_WRITES, pipeline, "acknowledged");
        this.failed = meters.count(Metric.JOURNAL_WRITES, pipeline, "failed");
        this.skipped = meters.count(Metric.JOURNAL_SKIPPED, pipeline);
        this.nextComplaint = new AtomicLong(ticker.nanos());
        this.reader =
                new JournalReader(
                        settings,
                        () -> new KafkaConsumer<>(ClientSettings.journalReader(settings)),
                        new Found(),
                        ticker);
        this.writer =
                new RecordWriter(
                        settings.topic(),
                        "thac-journal-writer-" + settings.pipeline(),
                        () -> new KafkaProducer<>(ClientSettings.journalWriter(settings)),
                        new Written());
    }

    /**
     * A journal that is not connected yet: see {@link #start}.
     *
     * @param settings which, and where
     * @param meters where it is counted
     * @param ticker the time
     * @return the journal
     */
    public static Journal of(JournalSettings settings, Meters meters, Ticker ticker) {
        return new Journal(settings, meters, ticker);
    }

    /**
     * Connects, on threads of its own that run until it is closed. Returns at once.
     *
     * @param reports who reports
     */
    public void start(Listener reports) {
        listener = reports;
        reader.start();
        writer.start();
    }

    /**
     * What a lane asks when partitions are assigned to it; of its own for every lane, so that what
     * ends late in one does not end what has begun in another.
     *
     * @return a recovery
     */
    public Recovery recovery() {
        return new LaneRecovery();
    }

    /**
     * Answers read from the journal and held until their events are settled.
     *
     * @return how many
     */
    public int held() {
        return memory.held();
    }

    @Override
    public Optional<Answer> find(Asked asked) {
        return memory.find(asked.event(), JournalRecord.question(asked))
                .flatMap(JournalRecord::answer);
    }

    @Override
    public void keep(Asked asked, Answer answer) {
        writer.append(
                new ProducerRecord<>(
                        settings.topic(),
                        asked.event().partition(),
                        ticker.now().toEpochMilli(),
                        JournalRecord.key(asked),
                        JournalRecord.value(answer),
                        JournalRecord.headers(asked)));
    }

    @Override
    public void settled(Delivery event) {
        memory.settled(event);
    }

    /** Writes what is still to be written, and ends the threads. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                writer.end();
                reader.end();
            } catch (InterruptedException _) { // both end by themselves
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Reports, unless something was reported within the last second. */
    private void complain(String what, Exception cause) {
        long now = ticker.nanos();
        long due = nextComplaint.get();
        if (now >= due && nextComplaint.compareAndSet(due, now + COMPLAINT_INTERVAL)) {
            listener.trouble(what, cause);
        }
    }

    /** What the writer has to say. */
    private final class Written implements RecordWriter.Client {
        @Override
        public void acknowledged() {
            acknowledged.add(1);
        }

        @Override
        public void failed(Exception cause) {
            failed.add(1);
            complain(
                    "an answer could not be written to the journal "
                            + settings.topic()
                            + " and would be bought again after a crash",
                    cause);
        }
    }

    /** What the reader has found. */
    private final class Found implements JournalReader.Client {
        @Override
        public void record(ConsumerRecord<byte[], byte[]> found) {
            Optional<JournalRecord.Key> key = JournalRecord.key(found.key());
            byte[] value = found.value();
            int pass = JournalRecord.pass(found.headers());
            if (key.isEmpty() || value == null || pass < 0) {
                skipped.add(1);
                return;
            }
            if (!memory.wants(key.get().event(), pass)) {
                return;
            }
            if (JournalRecord.answer(value).isEmpty()) {
                skipped.add(1);
            } else if (memory.offer(key.get(), pass, value) == JournalMemory.Offer.NO_ROOM) {
                complain(
                        "answers in the journal will be bought again",
                        new IllegalStateException(
                                "those of unfinished events take more than "
                                        + settings.maxBytes()
                                        + ", limits.openBytes"));
            }
        }

        @Override
        public void beforeReading() throws InterruptedException {
            writer.awaitWritten(ticker);
        }

        @Override
        public void trouble(String what, Exception cause) {
            listener.trouble(what, cause);
        }
    }

    /** The assignments of one lane. */
    private final class LaneRecovery implements Recovery {

        /** Used by the lane's thread alone. */
        private final Map<TopicPartition, JournalReader.Reading> readings = new HashMap<>();

        @Override
        public void begin(Unfinished unfinished, Runnable ready) {
            TopicPartition partition =
                    new TopicPartition(unfinished.topic(), unfinished.partition());
            end(unfinished.topic(), unfinished.partition());
            memory.begin(this, unfinished);
            Instant since = unfinished.since();
            JournalReader.Reading reading =
                    new JournalReader.Reading(
                            unfinished.partition(),
                            since,
                            ready,
                            () -> memory.readUp(this, partition));
            readings.put(partition, reading);
            reader.read(reading);
        }

        @Override
        public void end(String topic, int partition) {
            TopicPartition left = new TopicPartition(topic, partition);
            JournalReader.Reading reading = readings.remove(left);
            if (reading != null) {
                reading.cancel();
                memory.end(this, left);
            }
        }
    }
}
