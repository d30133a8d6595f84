package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.kafka.DeliveryMode;
import dev.thac.meter.Metric;
import dev.thac.testkit.simulator.CallView;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.Stats;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Events that a model refuses for a while go through retry topics, and each ends once. */
class RetryTopicsIT {

    private static final String FILE =
            """
            pipeline: %1$s.p
            source: { topic: %1$s.raw, group: %1$s.group, start: latest, id: value.id }
            delivery: %2$s
            analyses:
              mood:
                task: Say the mood.
                input: "{{ value.text }}"
                output: { label: { enum: [good, bad] } }
                tiers: [ { model: fickle } ]
              subject:
                task: Say the subject.
                input: "{{ value.text }}"
                output: { label: { enum: [price, quality] } }
                tiers: [ { model: steady } ]
            routes: [ { to: %1$s.out } ]
            failures:
              retry: { attempts: 1, backoff: 1ms, maxBackoff: 1ms, later: [1s, 2s] }
              deadLetter: %1$s.dlq
            models:
              fickle: { provider: anthropic, model: claude-haiku-5-5, maxOutputTokens: 2000 }
              steady: { provider: anthropic, model: claude-haiku-5-5, maxOutputTokens: 2000 }
            """;

    private static Scene scene;
    private static Simulator simulator;

    /** Question to the times at which it was asked. */
    private final Map<String, List<Long>> asked = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        scene = Scene.start();
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        scene.close();
    }

    @BeforeEach
    void behaveAgain() {
        simulator.resetStats();
        simulator.script(this::reply);
    }

    @ParameterizedTest
    @EnumSource(DeliveryMode.class)
    void everyEventEndsOnceAndIsNeverAskedAboutBeforeItsTime(DeliveryMode mode) {
        Example example = example("retry-" + mode.ordinal(), mode);
        scene.kafka().createTopic(example.topic("raw"), 3);
        try (Run run = scene.run(example, simulator)) {
            run.until("joining", () -> run.status().partitions() == 9);
            write(run, 10, 0);
            write(run, 10, 1);
            write(run, 10, 2);
            write(run, 10, 99);
            run.awaitSettled(40);

            assertThat(run.written("out")).hasSize(30);
            assertThat(run.written("dlq")).hasSize(10).allSatisfy(RetryTopicsIT::wentAllTheWay);
            run.verify("raw", _ -> false, "dlq", List.of("out"));
            assertThat(run.status().eventsIn()).isEqualTo(40);
            assertThat(run.status().retried())
                    .containsExactly(Map.entry("1s", 30L), Map.entry("2s", 20L));
            askedInTime(run, "p.retry.1s", 1, 1_000);
            askedInTime(run, "p.retry.2s", 2, 2_000);
            askedOnlyAsOftenAsRefused();
            theBillIsAllThere(run);
            run.until(
                    "leaving the retry topics",
                    () -> run.status().waiting().values().stream().allMatch(left -> left == 0));
        }
    }

    @Test
    void whatWaitsWhenAProcessEndsIsTakenUpByTheNext() {
        Example example = example("retry-restart", DeliveryMode.EXACTLY_ONCE);
        scene.kafka().createTopic(example.topic("raw"), 3);
        try (Run first = scene.run(example, simulator)) {
            first.until("joining", () -> first.status().partitions() == 9);
            write(first, 20, 1);
            first.until("waiting", () -> first.status().retried().getOrDefault("1s", 0L) == 20);
        }
        int before = scene.written(example.topic("out")).size();
        try (Run second = scene.run(example, simulator)) {
            second.awaitSettled(20 - before);

            assertThat(second.written("out")).hasSize(20);
            second.verify("raw", _ -> false, "dlq", List.of("out"));
            askedInTime(second, "p.retry.1s", 1, 1_000);
            askedOnlyAsOftenAsRefused();
        }
    }

    @Test
    void whatSomebodyElseWritesThereIsJudgedAsWell() {
        Example example = example("retry-foreign", DeliveryMode.EXACTLY_ONCE);
        scene.kafka().createTopic(example.topic("raw"), 1);
        try (Run run = scene.run(example, simulator)) {
            RecordMetadata foreign = produce(example, List.of());
            produce(
                    example,
                    List.of(
                            header("thac.source", example.topic("raw") + "-0@77"),
                            header("thac.source.timestamp", "1234567"),
                            header("thac.redrives", "1")));
            run.awaitSettled(2);

            assertThat(run.written("out"))
                    .extracting(written -> written.header("thac.source"))
                    .containsExactlyInAnyOrder(
                            foreign.topic() + "-0@" + foreign.offset(),
                            example.topic("raw") + "-0@77");
            assertThat(run.written("out"))
                    .extracting(written -> written.record().timestamp())
                    .contains(1_234_567L);
            assertThat(run.meters().total(Metric.RETRY_FOREIGN)).isEqualTo(1);
            assertThat(run.status().eventsIn()).isEqualTo(2);
        }
    }

    /** {@code moody:N;} is refused N times by the model that judges moods, and by no other. */
    private Reply reply(CallView call) {
        boolean mood = call.system().startsWith("Say the mood");
        for (String text : call.inputs()) {
            List<Long> times =
                    asked.computeIfAbsent(
                            (mood ? "mood " : "subject ") + text,
                            _ -> new CopyOnWriteArrayList<>());
            times.add(System.currentTimeMillis());
            if (mood && times.size() <= refusals(text)) {
                return Reply.fault(Fault.REFUSAL);
            }
        }
        return Reply.normal();
    }

    private static int refusals(String text) {
        return Integer.parseInt(text.substring(text.indexOf(':') + 1, text.indexOf(';')));
    }

    private static void wentAllTheWay(Written letter) {
        assertThat(letter.header("thac.reason")).isEqualTo("refused");
        assertThat(letter.header("thac.stage")).isEqualTo("analysis.mood");
        assertThat(letter.header("thac.attempts")).isEqualTo("3");
        assertThat(letter.header("thac.retries")).isEqualTo("2");
        assertThat(letter.number("thac.source.timestamp")).isEqualTo(letter.record().timestamp());
        assertThat(letter.header("thac.settled.subject")).contains("\"label\":");
        assertThat(Instant.parse(letter.header("thac.first-failure")))
                .isAfterOrEqualTo(Instant.ofEpochMilli(letter.record().timestamp()));
    }

    /** The question after a stay in a retry topic came when the stay was over. */
    private void askedInTime(Run run, String topic, int nth, long delay) {
        assertThat(run.written(topic))
                .isNotEmpty()
                .allSatisfy(
                        waited ->
                                assertThat(
                                                asked.getOrDefault(
                                                                "mood "
                                                                        + waited.json()
                                                                                .path("text")
                                                                                .asText(),
                                                                List.of())
                                                        .get(nth))
                                        .as(waited.text())
                                        .isBetween(
                                                waited.record().timestamp() + delay,
                                                waited.record().timestamp() + delay + 30_000));
    }

    private void askedOnlyAsOftenAsRefused() {
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(
                        (question, times) ->
                                assertThat(times)
                                        .as(question)
                                        .hasSize(
                                                question.startsWith("subject")
                                                        ? 1
                                                        : Math.min(3, refusals(question) + 1)));
    }

    private static void theBillIsAllThere(Run run) {
        List<Written> all = new ArrayList<>(run.written("out"));
        all.addAll(run.written("dlq"));
        Stats bill = simulator.stats();
        assertThat(Written.sum(all, "thac.tokens"))
                .isEqualTo(bill.inputTokens() + bill.outputTokens())
                .isEqualTo(run.status().tokens().total())
                .isEqualTo((long) run.meters().total(Metric.TOKENS));
        assertThat(Written.sum(all, "thac.cost.nanos"))
                .isEqualTo(bill.usdNanos())
                .isEqualTo(run.status().cost().nanos());
    }

    private static void write(Run run, int events, int refusals) {
        run.write(
                "raw",
                IntStream.range(0, events)
                        .mapToObj(
                                i ->
                                        "{\"id\": \"%d-%d\", \"text\": \"moody:%d; %d\"}"
                                                .formatted(refusals, i, refusals, i))
                        .toList());
    }

    private static RecordMetadata produce(Example example, List<Header> headers) {
        return scene.writer()
                .acknowledged(
                        new ProducerRecord<>(
                                example.topic("p.retry.1s"),
                                0,
                                bytes("key"),
                                bytes(
                                        "{\"id\": \"x\", \"text\": \"moody:0; "
                                                + headers.size()
                                                + "\"}"),
                                headers));
    }

    private static Header header(String key, String value) {
        return new RecordHeader(key, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Example example(String name, DeliveryMode mode) {
        return new Example(
                name, FILE.formatted(name, mode.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
}
