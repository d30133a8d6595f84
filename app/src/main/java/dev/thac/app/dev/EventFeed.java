package dev.thac.app.dev;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Writes events to the source topic at a rate, on a thread of its own. Thread-safe. */
public final class EventFeed implements AutoCloseable {

    private final EventSupply supply;
    private final String topic;
    private final long limit;
    private final double rate;
    private final Function<String, Optional<String>> keys;
    private final Producer<byte[], byte[]> producer;
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean done;
    private volatile @Nullable String trouble;

    private EventFeed(
            EventSupply supply,
            String topic,
            String brokers,
            long limit,
            double rate,
            Function<String, Optional<String>> keys) {
        this.keys = keys;
        this.supply = supply;
        this.topic = topic;
        this.limit = limit;
        this.rate = rate;
        this.producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                brokers,
                                "client.id",
                                "thac-dev-events",
                                "linger.ms",
                                5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.thread = Thread.ofVirtual().name("thac-dev-events").unstarted(this::run);
    }

    /**
     * Starts writing.
     *
     * @param supply what; closed at the end
     * @param topic where to
     * @param brokers bootstrap servers
     * @param limit most events
     * @param rate events a second; infinite for as fast as it goes
     * @param keys the key of an event that comes without one, by its value
     * @return the running feed
     */
    public static EventFeed start(
            EventSupply supply,
            String topic,
            String brokers,
            long limit,
            double rate,
            Function<String, Optional<String>> keys) {
        EventFeed feed = new EventFeed(supply, topic, brokers, limit, rate, keys);
        feed.thread.start();
        return feed;
    }

    /**
     * Events acknowledged by the broker.
     *
     * @return how many
     */
    public long sent() {
        return sent.get();
    }

    /**
     * Whether all events are written.
     *
     * @return true after the last acknowledgement
     */
    public boolean done() {
        return done;
    }

    /**
     * Why it ended early.
     *
     * @return the reason, if it did
     */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Stops writing and waits for what was begun. */
    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(3));
    }

    private void run() {
        try (supply) {
            long start = System.nanoTime();
            EventSupply.Line line = limit == 0 ? null : supply.next();
            long written = 0;
            while (line != null && !stopping) {
                send(line);
                written++;
                line = written < limit ? supply.next() : null;
                pause(start, written);
            }
            producer.flush();
        } catch (IOException e) {
            trouble = "the events cannot be read: " + e;
        } catch (InterruptedException | InterruptException e) {
            // Closed while it waited; the Kafka client has an exception of its own for that.
            Thread.currentThread().interrupt();
        } finally {
            done = true;
        }
    }

    private void send(EventSupply.Line line) {
        String given = line.key();
        String key = given == null ? keys.apply(line.value()).orElse(null) : given;
        Future<RecordMetadata> _ =
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                                line.value().getBytes(StandardCharsets.UTF_8)),
                        (_, error) -> {
                            if (error == null) {
                                sent.incrementAndGet();
                            } else {
                                trouble = "an event could not be written: " + error;
                            }
                        });
    }

    private void pause(long start, long written) throws InterruptedException {
        if (Double.isFinite(rate)) {
            long due = start + (long) (written / rate * 1e9);
            long wait = due - System.nanoTime();
            if (wait > 0) {
                Thread.sleep(Duration.ofNanos(wait));
            }
        }
    }
}
