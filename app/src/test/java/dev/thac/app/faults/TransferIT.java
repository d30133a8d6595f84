package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.app.CommandRun;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The shipped example of transfers, whose process dies in the midst of transactions: a committed
 * reader sees the debit and the credit of a transfer, once each, or neither, and no money is made
 * or lost.
 *
 * <p>One control is in the test: a reader of uncommitted records does see bookings twice. The
 * other, tried by hand: with {@code delivery: at-least-once} a committed reader does, too.
 */
class TransferIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MARKED = Duration.ofSeconds(10);
    private static final int ACCOUNTS = 9;
    private static final long OPENING = 1_000_000_000;
    private static final String DEBITS = "bookings.debits";
    private static final String CREDITS = "bookings.credits";
    private static final ObjectMapper JSON = new ObjectMapper();

    private EmbeddedKafka kafka;
    private int written;

    /** What a reader has of one kind of booking: how often each transfer, and whose money. */
    private record Bookings(Map<String, Integer> times, Map<String, Long> amounts) {

        long total() {
            return amounts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    @BeforeEach
    void startKafka() {
        kafka = EmbeddedKafka.start();
        for (String topic :
                List.of("transfers", DEBITS, CREDITS, "transfers.refused", "transfers.dlq")) {
            kafka.createTopic(topic, 4);
        }
    }

    @AfterEach
    void stopKafka() {
        kafka.close();
    }

    @Test
    void aCommittedReaderSeesBothBookingsOfATransferOrNeitherThroughCrashes() {
        int booked = 0;
        for (String place : List.of("after-send:4", "after-offsets:4")) {
            dieAt(place);
            int now = bookedTwofold();
            assertThat(now).as("transfers booked at %s", place).isBetween(booked + 1, written);
            booked = now;
        }
        try (Program last = start(List.of(), "--exit-at-end")) {
            assertThat(last.awaitExit(PATIENCE)).as(last.output()).isZero();
        }

        assertThat(bookedTwofold()).isEqualTo(written);
        assertThat(balances()).isEqualTo(expectedBalances());
        TopicReader everything = TopicReader.readUncommitted(kafka.bootstrapServers());
        assertThat(read(everything, DEBITS).times()).containsValue(2);
    }

    /** Transfers go on being ordered until the process is dead. */
    private void dieAt(String place) {
        try (Program program = start(List.of("-Dthac.failpoint=" + place));
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            Instant end = Instant.now().plus(PATIENCE);
            while (program.alive() && Instant.now().isBefore(end)) {
                RecordMetadata _ = writer.write("transfers", transfer(written++));
            }
            assertThat(program.awaitExit(PATIENCE)).as(program.output()).isEqualTo(Program.KILLED);
        }
    }

    private Program start(List<String> options, String... more) {
        Path file = CommandRun.root().resolve("examples/transfer/pipeline.yaml");
        List<String> arguments = new ArrayList<>(List.of("run", file.toString()));
        arguments.addAll(List.of("--brokers", kafka.bootstrapServers(), "--instance", "a"));
        arguments.addAll(List.of("--port", "0"));
        arguments.addAll(List.of(more));
        return new Program.Launch(Installation.trained(), arguments, options, Map.of()).start();
    }

    /**
     * How many transfers a committed reader sees. A commit is certain a moment before the brokers
     * have marked it in every partition, so that the two readings may lie on both sides of one.
     */
    private int bookedTwofold() {
        TopicReader reader = TopicReader.readCommitted(kafka.bootstrapServers());
        await().atMost(MARKED)
                .untilAsserted(
                        () -> {
                            Bookings debits = read(reader, DEBITS);
                            Bookings credits = read(reader, CREDITS);
                            assertThat(debits.times()).isEqualTo(credits.times());
                            assertThat(credits.total()).isEqualTo(debits.total());
                        });
        Bookings debits = read(reader, DEBITS);
        assertThat(debits.times().values()).allMatch(times -> times == 1);
        return debits.times().size();
    }

    private Map<String, Long> balances() {
        TopicReader reader = TopicReader.readCommitted(kafka.bootstrapServers());
        Map<String, Long> balances = new TreeMap<>();
        IntStream.range(0, ACCOUNTS).forEach(n -> balances.put("acc-" + n, OPENING));
        read(reader, DEBITS)
                .amounts()
                .forEach((who, much) -> balances.merge(who, -much, Long::sum));
        read(reader, CREDITS)
                .amounts()
                .forEach((who, much) -> balances.merge(who, much, Long::sum));
        assertThat(balances.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(ACCOUNTS * OPENING);
        return balances;
    }

    /** Recomputed from the transfers, without the program. */
    private Map<String, Long> expectedBalances() {
        Map<String, Long> balances = new TreeMap<>();
        IntStream.range(0, ACCOUNTS).forEach(n -> balances.put("acc-" + n, OPENING));
        for (int n = 0; n < written; n++) {
            balances.merge(from(n), (long) -amount(n), Long::sum);
            balances.merge(to(n), (long) amount(n), Long::sum);
        }
        return balances;
    }

    private static Bookings read(TopicReader reader, String topic) {
        Map<String, Integer> times = new HashMap<>();
        Map<String, Long> amounts = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> booking : reader.drain(topic)) {
            JsonNode transfer = json(booking.value());
            times.merge(transfer.path("id").asText(), 1, Integer::sum);
            amounts.merge(
                    new String(booking.key(), StandardCharsets.UTF_8),
                    transfer.path("amount").asLong(),
                    Long::sum);
        }
        return new Bookings(times, amounts);
    }

    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String transfer(int n) {
        return "{\"id\":\"t-%d\",\"from\":\"%s\",\"to\":\"%s\",\"amount\":%d}"
                .formatted(n, from(n), to(n), amount(n));
    }

    private static String from(int n) {
        return "acc-" + n % ACCOUNTS;
    }

    private static String to(int n) {
        return "acc-" + (n + 1 + n / ACCOUNTS % (ACCOUNTS - 1)) % ACCOUNTS;
    }

    private static int amount(int n) {
        return 1 + n * 7_919 % 50_000;
    }
}
