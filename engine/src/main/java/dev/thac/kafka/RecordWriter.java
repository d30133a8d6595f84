package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Appends to a topic on a thread of its own, so that nobody ever waits for a broker: neither for an
 * acknowledgement nor for room. What cannot be written is counted and given up.
 */
final class RecordWriter {

    private static final int QUEUE = 20_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration WRITTEN = Duration.ofSeconds(2);
    private static final Duration WRITTEN_AGAIN = Duration.ofMillis(5);

    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Client client;
    private final Thread thread;
    private final LinkedBlockingQueue<ProducerRecord<byte[], byte[]>> queue =
            new LinkedBlockingQueue<>(QUEUE);
    private final ProducerRecord<byte[], byte[]> last;
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private volatile boolean closed;

    /** Of the writer's thread alone. */
    private @Nullable Producer<byte[], byte[]> producer;

    private int partitions;

    /** Who counts; called on several threads. */
    interface Client {
        /** A record is in the topic. */
        void acknowledged();

        /** A record is not, and will not be. */
        void failed(Exception cause);
    }

    /**
     * @param topic where records go
     * @param name of the thread
     * @param producers opens a producer, again where one has become useless
     * @param client who counts
     */
    RecordWriter(
            String topic,
            String name,
            Supplier<Producer<byte[], byte[]>> producers,
            Client client) {
        this.topic = topic;
        this.producers = producers;
        this.client = client;
        this.last = new ProducerRecord<>(topic, new byte[0]);
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Queues a record; never blocks. */
    void append(ProducerRecord<byte[], byte[]> record) {
        appended.incrementAndGet();
        if (closed) {
            failed(new IllegalStateException(topic + " is closed to this process"));
        } else if (!queue.offer(record)) {
            failed(new IllegalStateException(QUEUE + " records wait for the brokers"));
        }
    }

    /**
     * Waits, not for long, until what was appended before is in the topic or given up: whoever
     * reads then finds it.
     */
    void awaitWritten(Ticker ticker) throws InterruptedException {
        long wanted = appended.get();
        long deadline = ticker.nanos() + WRITTEN.toNanos();
        while (done.get() < wanted && ticker.nanos() < deadline) {
            ticker.sleep(WRITTEN_AGAIN);
        }
    }

    /** Writes what is queued and ends; what cannot be written within seconds is given up. */
    void end() throws InterruptedException {
        if (!closed) {
            closed = true;
            boolean room = queue.offer(last, CLOSE.toNanos(), TimeUnit.NANOSECONDS);
            thread.join(CLOSE.multipliedBy(2));
            if (!room || thread.isAlive()) {
                thread.interrupt();
            }
        }
    }

    private void run() {
        try {
            ProducerRecord<byte[], byte[]> record = queue.take();
            while (!record.equals(last)) {
                send(record);
                record = queue.take();
            }
        } catch (InterruptedException _) { // closed, and the brokers take nothing
            Thread.currentThread().interrupt();
        } finally {
            closeProducer();
            queue.removeIf(
                    left -> {
                        failed(new IllegalStateException(topic + " is closed to this process"));
                        return true;
                    });
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            Producer<byte[], byte[]> open = open();
            if (record.partition() >= partitions) {
                partitions = open.partitionsFor(topic).size();
            }
            if (record.partition() >= partitions) {
                failed(
                        new IllegalStateException(
                                topic
                                        + " has no partition "
                                        + record.partition()
                                        + ": it needs as many as the source"));
                return;
            }
            Future<RecordMetadata> _ = open.send(record, (_, error) -> sent(error));
        } catch (KafkaException | IllegalStateException e) { // this producer is of no use any more
            failed(e);
            closeProducer();
        }
    }

    private void sent(@Nullable Exception error) {
        if (error == null) {
            done.incrementAndGet();
            client.acknowledged();
        } else {
            failed(error);
        }
    }

    private void failed(Exception cause) {
        done.incrementAndGet();
        client.failed(cause);
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = producers.get();
            producer = open;
        }
        return open;
    }

    private void closeProducer() {
        Producer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(CLOSE);
        }
    }
}
