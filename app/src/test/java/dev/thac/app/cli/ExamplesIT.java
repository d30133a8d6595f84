package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the pages of the examples show is what one sees. */
class ExamplesIT {

    private static final Path EXAMPLES = CommandRun.root().resolve("examples");

    /** Tiers, money and times differ from run to run; what became of the events does not. */
    private static final Pattern STABLE =
            Pattern.compile("events .*|  filtered .*|  dead letters .*|to .*|dead: .*");

    /**
     * A command of a page that can be run here, and the stable lines of what it is said to print.
     */
    private record Shown(List<String> arguments, List<String> lines) {
        static Shown of(Path page) throws IOException {
            List<String> arguments = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            boolean inside = false;
            for (String line : Files.readAllLines(page)) {
                if (arguments.isEmpty() && line.startsWith("$ ./thac dev ")) {
                    arguments.addAll(List.of(line.substring("$ ./thac ".length()).split(" ", -1)));
                    inside = true;
                } else if (line.startsWith("```") || line.startsWith("$ ")) {
                    inside = false;
                } else if (inside && STABLE.matcher(line).matches()) {
                    lines.add(line);
                }
            }
            return new Shown(arguments, lines);
        }
    }

    private static List<String> stable(String output) {
        return output.lines().filter(line -> STABLE.matcher(line).matches()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "comments",
                "complaints",
                "dead-letters",
                "moderation",
                "order-events",
                "orders",
                "reviews",
                "sentiment-intent",
                "transfer"
            })
    void thePageOfAnExampleShowsWhatOneSees(String example) throws IOException {
        Shown shown = Shown.of(EXAMPLES.resolve(example).resolve("README.md"));
        List<String> arguments = new ArrayList<>(shown.arguments());
        arguments.addAll(List.of("--broker-port", "0", "--latency", "5ms", "--simulate"));

        CommandRun.Result run = CommandRun.here().run(arguments.toArray(String[]::new));

        assertThat(shown.lines()).isNotEmpty();
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(stable(run.out())).isEqualTo(shown.lines());
    }

    @Test
    void twoServicesReadTheSameOrderEventsEachWithItsOwnGroupAndGetAllOfThem() throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            CommandRun thac = CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers());
            String folder = "examples/order-events/";
            String events = Files.readString(EXAMPLES.resolve("order-events/events.jsonl"));
            long created = events.lines().filter(line -> line.contains("ORDER_CREATED")).count();
            kafka.createTopic("orders.events", 3);
            thac.typing(events).run("produce", "orders.events", "--key", "order_id");

            CommandRun.Result run =
                    thac.run(
                            "run",
                            folder + "inventory.yaml",
                            folder + "notification.yaml",
                            "--create-topics",
                            "--exit-at-end",
                            "--port",
                            "0");

            assertThat(run.code()).as(run.err()).isZero();
            TopicReader reader = TopicReader.readCommitted(kafka.bootstrapServers());
            assertThat(created).isPositive();
            assertThat(reader.drain("inventory.reservations")).hasSize((int) created);
            assertThat(reader.drain("notifications.confirmations")).hasSize((int) created);
            assertThat(thac.run("groups", "list").out())
                    .contains("inventory-service")
                    .contains("notification-service");
        }
    }
}
