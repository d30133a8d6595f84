package dev.thac.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.JsonTree;
import dev.thac.meter.Meters;
import dev.thac.spec.CelText;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;

/** Joins come to what a plain computation over both logs comes to. */
class JoinTopologyTest {

    private static final int SEEDS = 5;
    private static final long BEGIN = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();
    private static final long WITHIN = Duration.ofMinutes(1).toMillis();
    private static final int LATENESS = 59_000;

    @TempDir private Path folder;

    /** A record of one of the two topics. */
    private record Side(boolean left, int id, int number, long time) {
        String name() {
            return (left ? "l" : "r") + number;
        }

        byte[] json() {
            return "{\"%s\":%d,\"name\":\"%s\",\"at\":%d}"
                    .formatted(left ? "id" : "order", id, name(), time)
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void pairsEqualARecomputationFromBothLogs(JoinKind kind) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            List<Side> log = log(new Random(seed));
            Map<String, Integer> written = new TreeMap<>();
            try (TopologyTestDriver driver = driver(kind, seed)) {
                TestInputTopic<byte[], byte[]> left = in(driver, "in");
                TestInputTopic<byte[], byte[]> right = in(driver, "other");
                for (Side record : log) {
                    (record.left() ? left : right)
                            .pipeInput(
                                    new TestRecord<>(
                                            null,
                                            record.json(),
                                            Instant.ofEpochMilli(record.time())));
                }
                // far behind, so that whatever has no partner is told
                long end = BEGIN + Duration.ofHours(2).toMillis();
                Side last = new Side(true, -1, 9_999, end);
                left.pipeInput(new TestRecord<>(null, last.json(), Instant.ofEpochMilli(end)));
                driver.advanceWallClockTime(Duration.ofSeconds(10));
                left.pipeInput(new TestRecord<>(null, last.json(), Instant.ofEpochMilli(end)));
                for (byte[] value : out(driver)) {
                    written.merge(pair(value), 1, Integer::sum);
                }
            }
            assertThat(written).as("seed " + seed).isEqualTo(expected(log, kind));
        }
    }

    @Test
    void whatHasNothingToBeJoinedByIsWrittenAloneWhereThatIsWanted() {
        for (JoinKind kind : JoinKind.values()) {
            try (TopologyTestDriver driver = driver(kind, 0)) {
                in(driver, "in")
                        .pipeInput("{\"name\":\"l1\",\"at\":5}".getBytes(StandardCharsets.UTF_8));
                in(driver, "other")
                        .pipeInput("{\"name\":\"r1\",\"at\":5}".getBytes(StandardCharsets.UTF_8));

                assertThat(out(driver).stream().map(JoinTopologyTest::pair))
                        .containsExactlyElementsOf(
                                switch (kind) {
                                    case INNER -> List.of();
                                    case LEFT -> List.of("l1 null");
                                    case OUTER -> List.of("l1 null", "null r1");
                                });
            }
        }
    }

    @Test
    void whatCannotBeReadIsADeadLetterOfThisPipelineOnly() {
        try (TopologyTestDriver driver = driver(JoinKind.INNER, 0)) {
            in(driver, "in").pipeInput("no json".getBytes(StandardCharsets.UTF_8));
            in(driver, "other").pipeInput("no json".getBytes(StandardCharsets.UTF_8));

            assertThat(
                            driver.createOutputTopic(
                                            "p.dlq",
                                            new ByteArrayDeserializer(),
                                            new ByteArrayDeserializer())
                                    .readRecordsToList())
                    .hasSize(1);
            assertThat(out(driver)).isEmpty();
        }
    }

    @Test
    void whatIsTooFarAheadOfItsRecordIsADeadLetterAndTakesNobodyElsesPartner() {
        long year = Duration.ofDays(365).toMillis();
        Side early = new Side(true, 1, 1, BEGIN);
        Side ahead = new Side(true, 2, 2, BEGIN + year);
        Side other = new Side(false, 1, 3, BEGIN + 1_000);
        try (TopologyTestDriver driver = driver(JoinKind.INNER, 1)) {
            for (Side left : List.of(early, ahead, early)) {
                in(driver, "in")
                        .pipeInput(
                                new TestRecord<>(null, left.json(), Instant.ofEpochMilli(BEGIN)));
            }
            in(driver, "other")
                    .pipeInput(new TestRecord<>(null, other.json(), Instant.ofEpochMilli(BEGIN)));

            assertThat(out(driver).stream().map(JoinTopologyTest::pair))
                    .containsExactly("l1 r3", "l1 r3");
            assertThat(
                            driver.createOutputTopic(
                                            "p.dlq",
                                            new ByteArrayDeserializer(),
                                            new ByteArrayDeserializer())
                                    .readRecordsToList())
                    .hasSize(1);
        }
    }

    private static List<Side> log(Random random) {
        List<Side> log = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long time = BEGIN + i * 2_000L - random.nextInt(LATENESS);
            log.add(new Side(random.nextBoolean(), random.nextInt(40), i, time));
        }
        return log;
    }

    private static Map<String, Integer> expected(List<Side> log, JoinKind kind) {
        Map<String, Integer> pairs = new TreeMap<>();
        for (Side record : log) {
            boolean alone = true;
            for (Side other : log) {
                if (record.left() != other.left()
                        && record.id() == other.id()
                        && Math.abs(record.time() - other.time()) <= WITHIN) {
                    alone = false;
                    if (record.left()) {
                        pairs.merge(record.name() + " " + other.name(), 1, Integer::sum);
                    }
                }
            }
            if (alone && record.left() && kind != JoinKind.INNER) {
                pairs.put(record.name() + " null", 1);
            }
            if (alone && !record.left() && kind == JoinKind.OUTER) {
                pairs.put("null " + record.name(), 1);
            }
        }
        return pairs;
    }

    private static String pair(byte[] value) {
        Map<?, ?> pair = (Map<?, ?>) JsonTree.read(value);
        assertThat(pair).isNotNull();
        return name(pair.get("left")) + " " + name(pair.get("right"));
    }

    private static String name(@Nullable Object side) {
        return side instanceof Map<?, ?> members ? String.valueOf(members.get("name")) : "null";
    }

    private static TestInputTopic<byte[], byte[]> in(TopologyTestDriver driver, String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<byte[]> out(TopologyTestDriver driver) {
        return driver
                .createOutputTopic("out", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readValuesToList()
                .stream()
                .filter(value -> !pair(value).contains("9999"))
                .toList();
    }

    private TopologyTestDriver driver(JoinKind kind, int number) {
        JoinSpec spec =
                new JoinSpec(
                        new CelText("value.id"),
                        new JoinedTopicSpec(
                                "other",
                                new CelText("value.order"),
                                Optional.of(new CelText("value.at"))),
                        Duration.ofMillis(WITHIN),
                        kind,
                        Duration.ofMinutes(5),
                        "out");
        JoinTopology topology =
                new JoinTopology(
                        new WindowTopology.Sources(
                                WindowSpecs.flow(),
                                new EventClock(
                                        Optional.of(new CelText("value.at")), Duration.ofHours(1)),
                                List.of("in"),
                                Map.of("in", 1, "other", 1),
                                "decisions",
                                Instant.EPOCH,
                                true,
                                new Meters()),
                        Map.of("pairs", spec));
        Properties settings = new Properties();
        settings.put("application.id", JoinTopology.application("p"));
        settings.put("bootstrap.servers", "nowhere:1");
        settings.put("state.dir", folder.resolve(kind + "-" + number).toString());
        return new TopologyTestDriver(topology.build(), settings);
    }
}
