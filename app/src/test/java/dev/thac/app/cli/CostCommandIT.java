package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.simulator.BillLine;
import dev.thac.testkit.simulator.CallView;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.ModelPrice;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.stream.IntStream;

/** Headers, metrics, {@code thac cost} and the provider's own bill say the same. */
class CostCommandIT {

    private static final ZoneId HANOI = ZoneId.of("Asia/Ho_Chi_Minh");
    private static final Instant MIDNIGHT = Instant.parse("2026-11-20T17:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String PROJECT =
            """
            zone: Asia/Ho_Chi_Minh
            models:
              small: { provider: anthropic, model: tiny-1, maxOutputTokens: 4000 }
              strong: { provider: anthropic, model: large-1, maxOutputTokens: 4000 }
            """;

    /** Prices with more digits than a nano-dollar a token has, so that every call is rounded. */
    private static final String PRICES =
            """
            { "schema": "thac-prices/1", "compiled": "2026-11-20", "zone": "Asia/Ho_Chi_Minh",
              "models": [
                { "id": "tiny-1", "input": 0.10371, "output": 0.51113, "valid_to": "2026-11-20" },
                { "id": "tiny-1", "input": 0.20713, "output": 1.03339, "valid_from": "2026-11-21" },
                { "id": "large-1", "input": 2.00007, "output": 10.00003 } ] }
            """;

    private static final Map<String, ModelPrice> BILLED =
            Map.of(
                    "tiny-1",
                    ModelPrice.of("0.10371", "0.51113")
                            .until(MIDNIGHT, ModelPrice.of("0.20713", "1.03339")),
                    "large-1",
                    ModelPrice.of("2.00007", "10.00003"));

    private static final String PIPELINE =
            """
            pipeline: paid
            source: { topic: paid.raw, group: paid, start: earliest, id: value.id }
            analyses:
              mood:
                task: Say the mood.
                input: "{{ value.text }}"
                output: { label: { enum: [good, bad, mixed] } }
                tiers:
                  - rules: [ { when: "value.free == true", then: { label: good } } ]
                  - model: small
                    accept: { confidence: 0.8 }
                    batch: { size: 7, wait: 50ms }
                  - model: strong
                    batch: { size: 3, wait: 50ms }
              subject:
                task: Say the subject.
                input: "{{ value.text }}"
                output: { label: { enum: [price, quality] } }
                tiers: [ { model: small } ]
            routes: [ { to: paid.out } ]
            failures:
              retry: { attempts: 2, backoff: 1ms, maxBackoff: 1ms, later: [1s] }
              deadLetter: paid.dlq
            """;

    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final WallClock clock = new WallClock();
    private final Meters meters = new Meters();

    @TempDir private Path folder;

    @Test
    void headersMetricsCommandAndBillAgreeToTheNanoDollarAcrossAPriceChange() throws Exception {
        Files.writeString(folder.resolve("thac.yaml"), PROJECT);
        Files.writeString(folder.resolve("prices.json"), PRICES);
        Path file = Files.writeString(folder.resolve("pipeline.yaml"), PIPELINE);
        SimulatorSettings settings = SimulatorSettings.DEFAULT.withPrices(BILLED);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers());
                Simulator simulator = Simulator.start(settings)) {
            simulator.billTime(clock::now);
            simulator.script(this::reply);
            clock.set(MIDNIGHT.minusSeconds(600));
            PipelineRuntime runtime = start(PipelineFiles.load(file), kafka, simulator);
            writer.writeAll("paid.raw", events(0, 60));
            settled(runtime, 60);
            clock.set(MIDNIGHT.plusSeconds(600));
            writer.writeAll("paid.raw", events(60, 120));
            settled(runtime, 120);
            CommandRun thac =
                    CommandRun.here().in(folder).with("THAC_BROKERS", kafka.bootstrapServers());
            assertThat(thac.run("dlq", "redrive", file.toString(), "--execute").out())
                    .contains("sent        12 dead letters");
            settled(runtime, 132);
            runtime.stop();

            long billed = simulator.stats().usdNanos();
            assertThat(billed).isPositive();
            assertThat(headers(kafka)).isEqualTo(billed);
            assertThat(runtime.status().cost().nanos()).isEqualTo(billed);
            assertThat(Math.round(meters.total(Metric.COST) * 1e9)).isEqualTo(billed);
            assertThat(simulator.stats().unpriced()).isEmpty();
            assertThat(byDayAndModel(thac))
                    .containsExactlyInAnyOrderElementsOf(
                            simulator.bill(HANOI).stream().map(CostCommandIT::line).toList())
                    .anyMatch(line -> line.startsWith("2026-11-20 tiny-1"))
                    .anyMatch(line -> line.startsWith("2026-11-21 tiny-1"));
            agreesWithTheBillAndWithNoOther(thac, simulator);
            saysWhatWasSaved(thac);
        }
    }

    private void agreesWithTheBillAndWithNoOther(CommandRun thac, Simulator simulator)
            throws Exception {
        String bill = simulator.baseUri() + "/bill";
        CommandRun.Result same =
                thac.run("cost", "reconcile", "--bill", bill + "?zone=Asia/Ho_Chi_Minh");
        assertThat(same.code()).as(same.out() + same.err()).isZero();
        assertThat(same.err()).contains("all equal");
        CommandRun.Result otherDays = thac.run("cost", "reconcile", "--bill", bill);
        assertThat(otherDays.code()).isEqualTo(1);
        assertThat(otherDays.err()).contains("the bill's days begin in UTC");

        StringBuilder csv = new StringBuilder("day,model,usd\n");
        for (BillLine line : simulator.bill(HANOI)) {
            csv.append(
                    "%s,%s,0.%09d%n".formatted(line.day(), line.model(), line.bill().usdNanos()));
        }
        Path paper = Files.writeString(folder.resolve("bill.csv"), csv);
        assertThat(thac.run("cost", "reconcile", "--bill", paper.toString()).code()).isZero();
        Files.writeString(paper, csv + "2026-11-21,tiny-1,0.000000001\n");
        CommandRun.Result off = thac.run("cost", "reconcile", "--bill", paper.toString());
        assertThat(off.code()).isEqualTo(1);
        assertThat(off.err()).contains("1 of 4 lines differ");
        assertThat(
                        thac.run(
                                        "cost",
                                        "reconcile",
                                        "--bill",
                                        paper.toString(),
                                        "--tolerance",
                                        "0.000000001")
                                .code())
                .isZero();
    }

    private static void saysWhatWasSaved(CommandRun thac) {
        CommandRun.Result text = thac.run("cost", "paid", "--since", "2026-11-21");
        assertThat(text.out())
                .contains("mood", "rules", "strong", "large-1", "total", "saved by rules")
                .doesNotContain("2026-11-20");
        assertThat(text.err()).contains("days begin at midnight in Asia/Ho_Chi_Minh");
        assertThat(thac.run("cost", "--until", "2026-11-01").err())
                .contains("nothing is on record");
    }

    /**
     * Stubborn texts spoil every call about moods that they are in, until they have been asked
     * about alone in two passes: twice at the first model, and in each of two attempts twice at the
     * last one.
     */
    private Reply reply(CallView call) {
        boolean spoilt = false;
        if (call.system().startsWith("Say the mood")) {
            for (String text : call.inputs()) {
                AtomicInteger alone = asked.computeIfAbsent(text, _ -> new AtomicInteger());
                boolean stubborn = text.contains("stubborn") && alone.get() < 2 * 6;
                spoilt |= stubborn;
                if (stubborn && call.inputs().size() == 1) {
                    alone.incrementAndGet();
                }
            }
        }
        return spoilt ? Reply.fault(Fault.NOT_JSON) : Reply.normal();
    }

    private PipelineRuntime start(Loaded loaded, EmbeddedKafka kafka, Simulator simulator)
            throws InterruptedException {
        Map<String, String> environment =
                Map.of(
                        "ANTHROPIC_BASE_URL",
                        simulator.baseUri().toString(),
                        "ANTHROPIC_API_KEY",
                        "any");
        Models models =
                Models.of(
                        loaded.orThrow().allModels(loaded.project()),
                        environment,
                        loaded.prices(),
                        meters,
                        clock);
        return PipelineRuntime.start(
                loaded.orThrow(),
                loaded.project(),
                RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(3),
                models,
                meters,
                clock);
    }

    private static void settled(PipelineRuntime runtime, long events) {
        await().atMost(PATIENCE).until(() -> runtime.status().settled() >= events);
    }

    private static long headers(EmbeddedKafka kafka) {
        List<ConsumerRecord<byte[], byte[]>> outcomes = new ArrayList<>();
        for (String topic : List.of("paid.out", "paid.dlq")) {
            outcomes.addAll(TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic));
        }
        assertThat(outcomes).hasSize(132);
        assertThat(
                        outcomes.stream()
                                .mapToLong(each -> number(each, "thac.cost.nanos.before"))
                                .sum())
                .as("what redriven dead letters say already, and sums would count twice")
                .isPositive();
        return outcomes.stream()
                .mapToLong(
                        record ->
                                number(record, "thac.cost.nanos")
                                        - number(record, "thac.cost.nanos.before"))
                .sum();
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name) {
        return Long.parseLong(Objects.requireNonNullElse(TopicReader.header(record, name), "0"));
    }

    private static List<String> byDayAndModel(CommandRun thac) throws Exception {
        CommandRun.Result json = thac.run("cost", "--by", "day,model", "-o", "json");
        Map<?, ?> tree = (Map<?, ?>) Json.read(json.out());
        List<String> lines = new ArrayList<>();
        for (Object each : (List<?>) tree.get("rows")) {
            Map<?, ?> row = (Map<?, ?>) each;
            Object nanos = ((Map<?, ?>) row.get("cost")).get("nanos");
            if (!"0".equals(String.valueOf(nanos))) {
                lines.add(row.get("day") + " " + row.get("model") + " " + nanos);
            }
        }
        return lines;
    }

    private static String line(BillLine line) {
        return line.day() + " " + line.model() + " " + line.bill().usdNanos();
    }

    private static List<String> events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i ->
                                "{\"id\": %d, \"free\": %b, \"text\": \"%s %d\"}"
                                        .formatted(
                                                i,
                                                i % 6 == 1,
                                                i % 10 == 0 ? "stubborn" : "hàng tốt",
                                                i))
                .toList();
    }

    /** The machine's time, on a wall clock that a test sets. */
    private static final class WallClock implements Ticker {

        private volatile Duration shift = Duration.ZERO;

        void set(Instant now) {
            shift = Duration.between(Ticker.system().now(), now);
        }

        @Override
        public long nanos() {
            return Ticker.system().nanos();
        }

        @Override
        public Instant now() {
            return Ticker.system().now().plus(shift);
        }

        @Override
        public void sleep(Duration wait) throws InterruptedException {
            Ticker.system().sleep(wait);
        }

        @Override
        public void await(Condition condition, long nanos) throws InterruptedException {
            Ticker.system().await(condition, nanos);
        }
    }
}
