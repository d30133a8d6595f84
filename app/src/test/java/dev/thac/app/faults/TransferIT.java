package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A transfer is a debit and a credit: a committed reader sees both or neither, also in a crash. */
class TransferIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRANSFERS = 400;
    private static final String DEBITS = "bookings.debits";
    private static final String CREDITS = "bookings.credits";

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
        for (String topic :
                List.of("transfers", DEBITS, CREDITS, "transfers.refused", "transfers.dlq")) {
            kafka.createTopic(topic, 2);
        }
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static Program start(List<String> options) {
        return new Program.Launch(
                        Installation.asBuilt(),
                        List.of(
                                "run",
                                CommandRun.root()
                                        .resolve("examples/transfer/pipeline.yaml")
                                        .toString(),
                                "--brokers",
                                kafka.bootstrapServers(),
                                "--instance",
                                "a",
                                "--port",
                                "0",
                                "--exit-at-end"),
                        options,
                        Map.of())
                .start();
    }

    private static List<String> committed(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .map(value -> value.replaceAll(".*\"id\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private static void killedAt(String place) {
        try (Program program = start(List.of("-Dthac.failpoint=" + place + ":1"))) {
            assertThat(program.awaitExit(PATIENCE)).as(program.output()).isEqualTo(Program.KILLED);
        }
    }

    /**
     * All bookings of each kind that a committed reader sees; both kinds are of the same transfers.
     */
    private static int bookedTwofold() {
        List<String> debits = committed(DEBITS);
        List<String> credits = committed(CREDITS);
        assertThat(debits).doesNotHaveDuplicates().hasSameSizeAs(credits);
        assertThat(new TreeSet<>(debits)).isEqualTo(new TreeSet<>(credits));
        return debits.size();
    }

    @Test
    void aCommittedReaderSeesBothBookingsOfATransferOrNeitherThroughCrashes() {
        try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            for (int n = 0; n < TRANSFERS; n++) {
                writer.write(
                        "transfers",
                        "t-" + n,
                        Json.line(
                                Map.of(
                                        "id", "t-" + n,
                                        "from", "acc-" + n % 9,
                                        "to", "acc-" + (n + 1) % 9,
                                        "amount", 50_000)));
            }
        }

        killedAt("after-send");
        assertThat(bookedTwofold()).isZero();

        killedAt("after-commit");
        assertThat(bookedTwofold()).isPositive();

        try (Program last = start(List.of())) {
            assertThat(last.awaitExit(PATIENCE)).as(last.output()).isZero();
        }
        assertThat(bookedTwofold()).isEqualTo(TRANSFERS);
    }
}
