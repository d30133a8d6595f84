package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.meter.Metric;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.Stats;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Records nobody can read and answers nobody can use: each ends once, where a person finds it. */
class BadInputIT {

    private static final int FIVE_MEGABYTES = 5_000_000;

    private static Scene scene;
    private static Simulator simulator;

    /** A record that must end in the dead-letter topic. */
    private record Bad(String id, RecordMetadata at, byte @Nullable [] value, String reason) {

        String source() {
            return at.topic() + "-" + at.partition() + "@" + at.offset();
        }
    }

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
        simulator.unscript();
        simulator.resetStats();
    }

    @Test
    void unreadableRecordsAreDeadLetteredAsTheyCameAndTheOthersGoOn() {
        Example example =
                example("input")
                        .with("analyses:", "derive: { words: size(value.text) }\n\nanalyses:");
        try (Run run = scene.run(example, simulator)) {
            List<Bad> bad = new ArrayList<>();
            bad.add(bad(example, "broken", bytes("{\"id\": \"x\", \"text\": "), "undecodable"));
            bad.add(bad(example, "binary", new byte[] {'{', 0, -1, 'x'}, "undecodable"));
            bad.add(bad(example, "nothing", new byte[0], "undecodable"));
            bad.add(bad(example, "tombstone", null, "null-value"));
            bad.add(bad(example, "huge", huge(), "too-large"));
            bad.add(bad(example, "number", bytes("{\"text\": 7}"), "wrong-type"));
            bad.add(bad(example, "list", bytes("{\"text\": null, \"n\": 1.10}"), "wrong-type"));
            Set<String> filtered = new HashSet<>();
            for (String value : List.of("[1]", "\"text\"", "7", "null", "{\"id\": \"y\"}")) {
                filtered.add(bad(example, "filtered", bytes(value), "none").source());
            }
            run.write("reviews.raw", List.of(review("good", "Máy đẹp"), review("odd", "")));
            run.awaitSettled(bad.size() + filtered.size() + 2);

            assertThat(run.written("reviews.analyzed").stream().map(Written::key))
                    .containsExactlyInAnyOrder("good", "odd");
            theseAreDead(run, bad);
            run.verify("reviews.raw", filtered::contains, "reviews.dlq", ROUTES);
            assertThat(run.status().outcomes())
                    .containsEntry("routed", 2L)
                    .containsEntry("filtered", (long) filtered.size())
                    .containsEntry("dead-lettered", (long) bad.size());
        }
    }

    @Test
    void whatTheDeadLetterTopicCannotHoldLeavesItsReasonThere() {
        Example example = example("small");
        scene.kafka()
                .createTopic(
                        example.topic("reviews.dlq"), 1, Map.of("max.message.bytes", "100000"));
        try (Run run = scene.run(example, simulator)) {
            Bad bad = bad(example, "huge", huge(), "output-rejected");
            run.write("reviews.raw", List.of(review("good", "Máy đẹp")));
            run.awaitSettled(2);

            assertThat(run.written("reviews.dlq"))
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.record().value()).isNull();
                                assertThat(letter.header("thac.truncated")).isEqualTo("true");
                                assertThat(letter.header("thac.source")).isEqualTo(bad.source());
                            });
            assertThat(run.written("reviews.analyzed")).hasSize(1);
        }
    }

    @Test
    void spoiltAnswersAreAskedForAgainAndEndAsDeadLettersOnlyWhenTheyStaySpoilt() {
        simulator.script(new SpoiltAnswers());
        Example example = example("answers");
        try (Run run = scene.run(example, simulator)) {
            List<Bad> bad = new ArrayList<>();
            List<String> fine = new ArrayList<>();
            for (SpoiltAnswers.Damage damage : SpoiltAnswers.Damage.values()) {
                String mark = damage.spelling();
                String always = review("always-" + mark, "Tệ always:" + mark);
                bad.add(bad(example, "always-" + mark, bytes(always), damage.reason()));
                fine.add(review("once-" + mark, "Tốt once:" + mark));
            }
            for (int i = 0; i < 40; i++) {
                fine.add(review("fine-" + i, "Giao nhanh, máy đẹp " + i));
            }
            run.write("reviews.raw", fine);
            run.awaitSettled(bad.size() + fine.size());

            assertThat(run.written("reviews.analyzed")).hasSize(fine.size());
            theseAreDead(run, bad);
            run.verify("reviews.raw", _ -> false, "reviews.dlq", ROUTES);
            assertThat(run.written("reviews.dlq"))
                    .allSatisfy(
                            letter -> {
                                assertThat(letter.header("thac.stage"))
                                        .isEqualTo("analysis.review");
                                assertThat(letter.header("thac.attempts")).isEqualTo("3");
                                assertThat(letter.number("thac.cost.nanos")).isPositive();
                            });
            theBillIsAllThere(run);
        }
    }

    private static final List<String> ROUTES = List.of("reviews.analyzed", "reviews.urgent");

    private static void theseAreDead(Run run, List<Bad> expected) {
        Map<String, Written> letters =
                run.written("reviews.dlq").stream()
                        .collect(
                                Collectors.toMap(
                                        letter -> letter.header("thac.source"),
                                        Function.identity()));
        assertThat(letters).hasSize(expected.size());
        Map<String, Long> reasons = new HashMap<>();
        for (Bad bad : expected) {
            Written letter = letters.get(bad.source());
            assertThat(letter).as("a letter for %s", bad.id()).isNotNull();
            assertThat(letter.header("thac.reason")).as(bad.id()).isEqualTo(bad.reason());
            assertThat(letter.record().value()).as(bad.id()).isEqualTo(bad.value());
            assertThat(letter.key()).isEqualTo(bad.id());
            assertThat(letter.header("trace")).isEqualTo("t-" + bad.id());
            assertThat(letter.record().timestamp()).isEqualTo(bad.at().timestamp());
            assertThat(letter.header("thac.pipeline")).endsWith(".reviews");
            assertThat(letter.header("thac.stage")).isNotEmpty();
            assertThat(letter.header("thac.message")).isNotEmpty();
            assertThat(letter.header("thac.first-failure")).isNotEmpty();
            reasons.merge(bad.reason(), 1L, Long::sum);
        }
        assertThat(run.status().deadLetters()).isEqualTo(reasons);
    }

    private static void theBillIsAllThere(Run run) {
        List<Written> all = new ArrayList<>(run.written("reviews.analyzed"));
        all.addAll(run.written("reviews.dlq"));
        Stats bill = simulator.stats();
        assertThat(Written.sum(all, "thac.tokens"))
                .isEqualTo(bill.inputTokens() + bill.outputTokens())
                .isEqualTo((long) run.meters().total(Metric.TOKENS));
        assertThat(Written.sum(all, "thac.cost.nanos")).isEqualTo(bill.usdNanos());
    }

    private static Bad bad(Example example, String id, byte @Nullable [] value, String reason) {
        RecordMetadata at =
                scene.writer()
                        .acknowledged(
                                new ProducerRecord<>(
                                        example.topic("reviews.raw"),
                                        null,
                                        bytes(id),
                                        value,
                                        List.of(new RecordHeader("trace", bytes("t-" + id)))));
        return new Bad(id, at, value, reason);
    }

    private static String review(String id, String text) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\", \"price\": 1.10}";
    }

    /** Five megabytes that no compression makes smaller. */
    private static byte[] huge() {
        byte[] huge = new byte[FIVE_MEGABYTES];
        new Random(5).nextBytes(huge);
        return huge;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits a test can afford. */
    private static Example example(String name) {
        return Example.of("reviews", name)
                .with("wait: 5s", "wait: 200ms")
                .with("backoff: 1s, maxBackoff: 60s", "backoff: 10ms, maxBackoff: 10ms");
    }
}
