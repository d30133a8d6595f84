package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.app.sample.SampleEvent;
import dev.thac.app.sample.SampleEvents;
import dev.thac.app.sample.SampleKind;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the pages of the examples show is what one sees. */
class ExamplesIT {

    private static final Path EXAMPLES = CommandRun.root().resolve("examples");

    /** Tiers, money and times differ from run to run; what became of the events does not. */
    private static final Pattern STABLE =
            Pattern.compile(
                    "events .*|  filtered .*|  dead letters .*|to .*|dead: .*|  windowed .*"
                            + "|window .*|sink .*|  \\{.*");

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
                "clicks",
                "comments",
                "complaints",
                "dead-letters",
                "moderation",
                "order-events",
                "orders",
                "orders-window",
                "payments",
                "reviews",
                "sentiment-intent",
                "transfer"
            })
    void thePageOfAnExampleShowsWhatOneSees(String example) throws IOException {
        Shown shown = Shown.of(EXAMPLES.resolve(example).resolve("README.md"));
        List<String> arguments = new ArrayList<>(shown.arguments());
        arguments.addAll(List.of("--broker-port", "0", "--latency", "5ms", "--simulate"));

        CommandRun.Result run =
                CommandRun.here()
                        .with("ON_DUTY_URL", "http://127.0.0.1:9/") // that of payments' alerts
                        .with("ON_DUTY_SECRET", "any")
                        .run(arguments.toArray(String[]::new));

        assertThat(shown.lines()).isNotEmpty();
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(stable(run.out())).isEqualTo(shown.lines());
    }

    @Test
    void theRevenueOfAMinuteIsThatOfAPlainSumOverTheOrders() throws IOException {
        SampleEvents orders =
                new SampleEvents(SampleKind.ORDERS, 1, SampleEvents.START, 5, SampleEvents.USERS);
        long[] furthest = new long[4];
        Map<String, long[]> sums = new TreeMap<>();
        for (int i = 0; i < 2000; i++) {
            SampleEvent event = orders.next();
            int partition =
                    Utils.toPositive(Utils.murmur2(event.key().getBytes(StandardCharsets.UTF_8)))
                            % furthest.length;
            Matcher total = Pattern.compile("\"total\":(\\d+)").matcher(event.value());
            if (!event.value().endsWith("}") || !total.find()) {
                continue;
            }
            long money = Long.parseLong(total.group(1));
            long time = event.time().toEpochMilli();
            long minute = Math.floorDiv(time, 60_000L) * 60_000L;
            if (money >= 100_000 && minute + 60_000 + 10_000 > furthest[partition]) {
                String category =
                        money >= 10_000_000 ? "premium" : money >= 1_000_000 ? "standard" : "basic";
                long[] sum =
                        sums.computeIfAbsent(
                                Instant.ofEpochMilli(minute) + " " + category, _ -> new long[2]);
                sum[0]++;
                sum[1] += money;
            }
            if (money >= 100_000) {
                furthest[partition] = Math.max(furthest[partition], time);
            }
        }

        List<String> shown =
                Shown.of(EXAMPLES.resolve("orders-window/README.md")).lines().stream()
                        .filter(line -> line.contains("totalRevenue"))
                        .toList();

        assertThat(shown).hasSizeGreaterThan(4);
        assertThat(shown)
                .zipSatisfy(
                        sums.entrySet().stream().limit(shown.size()).toList(),
                        (line, sum) ->
                                assertThat(line)
                                        .contains(
                                                "\"start\":\"" + sum.getKey().split(" ", 2)[0],
                                                sum.getKey().split(" ", 2)[1],
                                                "\"orderCount\":" + sum.getValue()[0] + ",",
                                                "\"totalRevenue\":" + sum.getValue()[1] + ","));
        assertThat(sums).hasSize(23);
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
