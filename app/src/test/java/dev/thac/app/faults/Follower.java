package dev.thac.app.faults;

import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.guarantee.Evidence;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads outputs as they are committed, and notes when each could be seen first. Thread-safe; a
 * thread of its own reads.
 */
final class Follower implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Instant> seen = new ArrayList<>();
    private final Set<String> sources = new HashSet<>();
    private final Thread thread;

    Follower(String brokers, String topic) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                brokers,
                                "isolation.level",
                                "read_committed",
                                "auto.offset.reset",
                                "earliest",
                                "fetch.max.wait.ms",
                                "20"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread = Thread.ofPlatform().daemon().name("follower-" + topic).start(this::run);
    }

    /** How many outputs were seen. */
    synchronized int count() {
        return seen.size();
    }

    /** How many different inputs they name. */
    synchronized int events() {
        return sources.size();
    }

    /** When the first output behind a moment was seen. */
    synchronized Optional<Instant> firstAfter(Instant moment) {
        return seen.stream().filter(at -> at.isAfter(moment)).findFirst();
    }

    /** When the last output was seen. */
    synchronized Instant last() {
        return seen.getLast();
    }

    /** Waits until so many events have an output. */
    void await(int events, Duration patience, Program... running) {
        try {
            Awaitility.await()
                    .atMost(patience)
                    .pollInterval(POLL)
                    .failFast(
                            "nobody runs any more",
                            () ->
                                    running.length > 0
                                            && List.of(running).stream().noneMatch(Program::alive))
                    .until(() -> events() >= events);
        } catch (org.awaitility.core.ConditionTimeoutException
                | org.awaitility.core.TerminalFailureException e) {
            StringBuilder text = new StringBuilder("outputs of " + events() + " of " + events);
            for (Program program : running) {
                text.append("\n--- one instance\n").append(program.output());
            }
            throw new AssertionError(text.toString(), e);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    note(String.valueOf(TopicReader.header(record, Evidence.SOURCE)));
                }
            }
        } catch (WakeupException _) {
            return; // closed
        }
    }

    private synchronized void note(String source) {
        seen.add(Instant.now());
        sources.add(source);
    }
}
