package dev.thac.window;

import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.enrich.LookupException;
import dev.thac.enrich.TableLookup;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.RecordId;
import dev.thac.event.ThacException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compacted topics as tables in this process: global tables of Kafka Streams, each with all
 * partitions. They are read to their ends before anything is found in them, and follow their topics
 * from then on; an error starts them again, and whoever looks something up waits meanwhile.
 * Thread-safe.
 */
public final class GlobalTable implements StreamsApplication {

    private static final Logger LOGGER = LoggerFactory.getLogger(GlobalTable.class);
    private static final String STORE = "table-";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final List<String> topics;
    private final StreamsSettings settings;
    private final Decoder decoder = Decoders.of(Format.JSON);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Restoring restoring = new Restoring();
    private final AtomicInteger restarts = new AtomicInteger();
    private final AtomicLong found = new AtomicLong();
    private volatile @Nullable KafkaStreams running;
    private volatile @Nullable String lastError;

    /**
     * Tables that are not read yet.
     *
     * @param topics their topics
     * @param settings where and how
     */
    public GlobalTable(List<String> topics, StreamsSettings settings) {
        this.topics = List.copyOf(topics);
        this.settings = settings;
    }

    @Override
    public void start(Watcher watcher) {
        Thread.ofPlatform()
                .name("thac-" + settings.application())
                .daemon()
                .start(() -> keep(watcher));
    }

    /**
     * The table of a topic.
     *
     * @param topic one of the topics
     * @return finds what stands in it
     */
    public TableLookup table(String topic) {
        int index = topics.indexOf(topic);
        if (index < 0) {
            throw new IllegalArgumentException("there is no table of " + topic);
        }
        return key -> find(topic, STORE + index, key);
    }

    /**
     * Its application id.
     *
     * @return the id
     */
    public String application() {
        return settings.application();
    }

    /**
     * How often something was looked up and found.
     *
     * @return since the start
     */
    public long found() {
        return found.get();
    }

    /** It runs when its tables are read and followed. */
    @Override
    public StreamsStatus status() {
        KafkaStreams streams = running;
        boolean ready = streams != null && streams.state() == KafkaStreams.State.RUNNING;
        return new StreamsStatus(
                settings.application(),
                ready ? StreamsStatus.State.RUNNING : StreamsStatus.State.REBALANCING,
                0,
                0,
                0,
                0,
                ready ? 0 : topics.size(),
                restoring.restored(),
                restoring.toRestore(),
                ready ? 0 : -1,
                restarts.get(),
                Optional.ofNullable(lastError));
    }

    @Override
    public void stop(Duration drain) throws InterruptedException {
        ended.countDown();
        if (!done.await(drain.plus(CLOSE).toNanos(), TimeUnit.NANOSECONDS)) {
            LOGGER.atWarn()
                    .addKeyValue("application", settings.application())
                    .log("tables did not end in time");
        }
    }

    private Optional<Object> find(String topic, String store, String key) throws LookupException {
        byte[] value;
        try {
            KafkaStreams streams = running;
            if (streams == null || streams.state() != KafkaStreams.State.RUNNING) {
                throw unread(topic, new IllegalStateException("not read to its end yet"));
            }
            ReadOnlyKeyValueStore<byte[], byte[]> table =
                    streams.store(
                            StoreQueryParameters.fromNameAndType(
                                    store, QueryableStoreTypes.keyValueStore()));
            value = table.get(key.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw unread(topic, e);
        }
        if (value == null) {
            return Optional.empty();
        }
        Delivery record = new Delivery(new RecordId(topic, 0, 0), 0, null, value, List.of());
        return switch (decoder.decode(record)) {
            case Decoder.Result.Decoded(Event event) -> {
                found.incrementAndGet();
                yield Optional.ofNullable(event.value());
            }
            case Decoder.Result.Undecodable(Failure failure) ->
                    throw LookupException.never(
                            ErrorCode.UNDECODABLE,
                            "the value under " + key + " in " + topic + ": " + failure.message());
        };
    }

    private static LookupException unread(String topic, Exception cause) {
        return LookupException.trouble(
                ErrorCode.KAFKA_UNAVAILABLE,
                Duration.ZERO,
                "the table of " + topic + " is being read",
                cause);
    }

    private Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        for (int i = 0; i < topics.size(); i++) {
            builder.globalTable(
                    topics.get(i),
                    Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()),
                    Materialized.as(STORE + i));
        }
        return builder.build();
    }

    /** Runs on a thread of its own until the end. */
    private void keep(Watcher watcher) {
        Duration pause = FIRST_PAUSE;
        try {
            while (ended.getCount() > 0) {
                CountDownLatch broken = new CountDownLatch(1);
                try (KafkaStreams streams = settings.open(topology())) {
                    running = streams;
                    streams.setGlobalStateRestoreListener(restoring);
                    streams.setUncaughtExceptionHandler(
                            error -> {
                                trouble(watcher, error);
                                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
                            });
                    streams.setStateListener(
                            (state, _) -> {
                                if (state == KafkaStreams.State.ERROR
                                        || state == KafkaStreams.State.NOT_RUNNING) {
                                    broken.countDown();
                                }
                            });
                    streams.start();
                    pause = FIRST_PAUSE;
                    while (ended.getCount() > 0 && broken.getCount() > 0) {
                        if (ended.await(1, TimeUnit.SECONDS)) {
                            streams.close(CLOSE);
                        }
                    }
                } catch (KafkaException | IllegalStateException | ThacException e) {
                    trouble(watcher, e);
                } finally {
                    running = null;
                }
                if (!ended.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    restarts.incrementAndGet();
                    pause = pause.multipliedBy(2);
                    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            done.countDown();
        }
    }

    private void trouble(Watcher watcher, Throwable error) {
        lastError = String.valueOf(error.getMessage());
        LOGGER.atWarn()
                .addKeyValue("application", settings.application())
                .addKeyValue("cause", error.toString())
                .log("tables are read again");
        watcher.trouble(
                "tables are read again",
                error instanceof Exception exception ? exception : new StreamsException(error));
    }
}
