package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Reads partitions of the journal on a thread of its own, with one consumer for all of them: first
 * from the time given to the end of the partition, then on for a while, since answers that a former
 * owner was waiting for may come late. What cannot be read is tried again for as long as it is
 * wanted: events wait for it, and must not be paid for twice instead.
 */
final class JournalReader {

    /** How far the clocks of those who write and those who read may differ. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** How long late answers of a former owner are waited for. */
    static final Duration LATE = Duration.ofMinutes(2);

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(2);

    private final String topic;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Client client;
    private final Ticker ticker;
    private final Thread thread;
    private final LinkedBlockingQueue<Reading> asked = new LinkedBlockingQueue<>();

    /** Asked for and not yet placed, and those being read; of the reader's thread alone. */
    private final List<Reading> waiting = new ArrayList<>();

    private final List<Reading> placed = new ArrayList<>();
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private int partitions;

    /** Who wants to know; called on the reader's thread. */
    interface Client {
        /** A record of the journal; the same record may come again. */
        void record(ConsumerRecord<byte[], byte[]> found);

        /** A partition is about to be read: what this process appends should be there. */
        void beforeReading() throws InterruptedException;

        /** The journal cannot be read now. */
        void trouble(String what, Exception cause);
    }

    /** One partition that is read for somebody. */
    static final class Reading {
        private final int partition;
        private final Instant since;
        private final Runnable reachedEnd;
        private final Runnable over;
        private volatile boolean cancelled;
        private long end = Long.MAX_VALUE;
        private boolean ready;
        private long until;
        private long nextComplaint;

        /**
         * @param partition the partition
         * @param since what was written before is not wanted
         * @param reachedEnd run when all is read that was there in the beginning
         * @param over run when nothing more is read for it, unless it is cancelled before
         */
        Reading(int partition, Instant since, Runnable reachedEnd, Runnable over) {
            this.partition = partition;
            this.since = since;
            this.reachedEnd = reachedEnd;
            this.over = over;
        }

        /** Nobody wants it any more. */
        void cancel() {
            cancelled = true;
        }

        private void finish() {
            if (!cancelled) {
                if (!ready) {
                    ready = true;
                    reachedEnd.run();
                }
                over.run();
            }
        }
    }

    JournalReader(
            JournalSettings settings,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Client client,
            Ticker ticker) {
        this.topic = settings.topic();
        this.consumers = consumers;
        this.client = client;
        this.ticker = ticker;
        this.thread =
                Thread.ofPlatform()
                        .name("thac-journal-reader-" + settings.pipeline())
                        .daemon()
                        .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Begins to read; returns at once. */
    void read(Reading reading) {
        asked.add(reading);
        wake();
    }

    /** Ends; returns when the thread has ended, or soon after if it cannot. */
    void end() throws InterruptedException {
        closed = true;
        asked.add(new Reading(0, Instant.EPOCH, () -> {}, () -> {}));
        wake();
        thread.join(END.multipliedBy(2));
    }

    private void wake() {
        Consumer<byte[], byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
    }

    private void run() {
        while (!closed) {
            try {
                take(placed.isEmpty() && waiting.isEmpty() ? Long.MAX_VALUE : 0);
                turn();
            } catch (WakeupException _) { // somebody has asked for something: the next turn sees
            } catch (InterruptedException _) { // nobody interrupts but the end of the process
                closed = true;
            } catch (RuntimeException e) { // the top frame of the thread
                client.trouble("the journal " + topic + " cannot be read; its events wait", e);
                beginAgain();
            }
        }
        closeConsumer();
    }

    /** Forgets the consumer, and reads anew after a pause. */
    private void beginAgain() {
        closeConsumer();
        waiting.addAll(placed);
        placed.clear();
        try {
            take(PAUSE.toNanos());
        } catch (InterruptedException _) { // as above
            closed = true;
        }
    }

    private void closeConsumer() {
        Consumer<byte[], byte[]> old = consumer;
        consumer = null;
        if (old != null) {
            try {
                old.close(CloseOptions.timeout(END));
            } catch (KafkaException e) { // it is closed all the same
                client.trouble("the journal's consumer did not end in order", e);
            }
        }
    }

    /** Takes what was asked for, waiting for the first at most so long. */
    private void take(long nanos) throws InterruptedException {
        Reading first = nanos == 0 ? asked.poll() : asked.poll(nanos, TimeUnit.NANOSECONDS);
        if (first != null && !closed) {
            waiting.add(first);
            asked.drainTo(waiting);
        }
    }

    private void turn() throws InterruptedException {
        waiting.removeIf(reading -> reading.cancelled);
        if (closed || (waiting.isEmpty() && placed.isEmpty())) {
            return;
        }
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = consumers.get();
            consumer = open;
        }
        if (!waiting.isEmpty()) {
            client.beforeReading();
            place(open);
            review(open);
        }
        boolean behind = placed.stream().anyMatch(reading -> !reading.ready);
        if (!placed.isEmpty()) {
            open.poll(behind ? CATCH_UP : IDLE).forEach(client::record);
            review(open);
        }
    }

    /** Finds out from where to where the waiting ones are read, and goes there. */
    private void place(Consumer<byte[], byte[]> open) {
        withoutPartition(open);
        Map<TopicPartition, Long> times = new HashMap<>();
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Reading reading : waiting) {
            long from = reading.since.toEpochMilli() - CLOCK_SKEW.toMillis();
            times.merge(partition(reading), Math.max(0, from), Math::min);
        }
        Map<TopicPartition, Long> ends = open.endOffsets(times.keySet(), ANSWER);
        Map<TopicPartition, OffsetAndTimestamp> found = open.offsetsForTimes(times, ANSWER);
        for (TopicPartition each : times.keySet()) {
            OffsetAndTimestamp start = found.get(each);
            starts.put(each, start == null ? end(ends, each) : start.offset());
        }
        for (Reading reading : placed) {
            starts.merge(partition(reading), open.position(partition(reading)), Math::min);
        }
        open.assign(starts.keySet());
        starts.forEach(open::seek);
        long now = ticker.nanos();
        for (Reading reading : waiting) {
            reading.end = end(ends, partition(reading));
            reading.until = now + LATE.toNanos();
            reading.nextComplaint = now + ANSWER.toNanos();
        }
        placed.addAll(waiting);
        waiting.clear();
    }

    /** Where the topic lacks the partition, nothing was ever written. */
    private void withoutPartition(Consumer<byte[], byte[]> open) {
        if (waiting.stream().anyMatch(reading -> reading.partition >= partitions)) {
            partitions = open.partitionsFor(topic, ANSWER).size();
        }
        for (Reading reading : List.copyOf(waiting)) {
            if (reading.partition >= partitions) {
                waiting.remove(reading);
                reading.finish();
            }
        }
    }

    /** Tells those that are up to date, and lets go of those that are over. */
    private void review(Consumer<byte[], byte[]> open) {
        long now = ticker.nanos();
        Collection<Reading> over = new ArrayList<>();
        for (Reading reading : placed) {
            if (reading.cancelled) {
                over.add(reading);
            } else if (!reading.ready) {
                long position = open.position(partition(reading), ANSWER);
                if (position >= reading.end) {
                    reading.ready = true;
                    reading.reachedEnd.run();
                } else if (now >= reading.nextComplaint) {
                    reading.nextComplaint = now + ANSWER.toNanos();
                    complain(reading, position);
                }
            } else if (now >= reading.until) {
                over.add(reading);
                reading.over.run();
            }
        }
        if (!over.isEmpty()) {
            placed.removeAll(over);
            open.assign(placed.stream().map(this::partition).distinct().toList());
        }
    }

    private void complain(Reading reading, long position) {
        client.trouble(
                "the events of partition " + reading.partition + " wait for the journal",
                new IllegalStateException(
                        topic + " is read up to " + position + " of " + reading.end));
    }

    private TopicPartition partition(Reading reading) {
        return new TopicPartition(topic, reading.partition);
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        Long end = ends.get(partition);
        if (end == null) {
            throw new IllegalStateException("no end of " + partition);
        }
        return end;
    }
}
