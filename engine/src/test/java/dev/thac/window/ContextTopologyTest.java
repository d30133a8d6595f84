package dev.thac.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.decode.Format;
import dev.thac.event.JsonTree;
import dev.thac.pipeline.ContextMeasureSpec;
import dev.thac.pipeline.ContextSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.FailuresSpec;
import dev.thac.recover.RetrySpec;
import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;
import dev.thac.spec.Tree;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;

/** The context of every event against a recomputation from all events before it. */
class ContextTopologyTest {

    private static final int LAST = 5;
    private static final long OVER = 60_000;
    private static final CelText TIME = new CelText("value.at");
    private static final long STAMP = 1_700_001_200_000L;
    private static final long AHEAD = STAMP + Duration.ofMinutes(61).toMillis();

    @TempDir private Path folder;

    /** One line of the log. */
    private record Line(String customer, long at, long amount, String json) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void contextIsWhatAllEarlierEventsOfTheKeySay(long seed) {
        Random random = new Random(seed);
        List<Line> log = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String customer = "C" + random.nextInt(6);
            long at = 1_700_000_000_000L + i * 2_000L - random.nextInt(59_000);
            long amount = random.nextInt(1_000);
            log.add(
                    new Line(
                            customer,
                            at,
                            amount,
                            "{\"n\":%d,\"customer\":\"%s\",\"at\":%d,\"amount\":%d}"
                                    .formatted(i, customer, at, amount)));
        }

        List<TestRecord<byte[], byte[]>> out =
                run(
                        seed % 2 == 0,
                        log.stream().map(line -> record(line.customer, line.json)).toList());

        assertThat(out).hasSize(log.size());
        for (int i = 0; i < log.size(); i++) {
            TestRecord<byte[], byte[]> record = out.get(i);
            assertThat(text(record.value())).isEqualTo(log.get(i).json);
            assertThat(text(record.key())).isEqualTo(log.get(i).customer);
            assertThat(header(record, "thac.source")).isEqualTo("in-0@" + i);
            assertThat(header(record, "h")).isEqualTo("v");
            assertThat(JsonTree.read(bytes(record, "thac.context")))
                    .as("event %d", i)
                    .isEqualTo(expected(log, i));
        }
    }

    @Test
    void whatIsNoEventOfThePipelinePassesUnchangedAndIsNotRemembered() {
        List<TestRecord<byte[], byte[]>> out =
                run(
                        false,
                        List.of(
                                record(
                                        "k",
                                        "{\"n\":1,\"customer\":\"A\",\"at\":1000,\"amount\":1}"),
                                record("k", "no json"),
                                record("k", null),
                                record("k", "{\"customer\":\"A\",\"at\":1000,\"amount\":1}"),
                                record(
                                        "k",
                                        "{\"n\":1,\"customer\":\"A\",\"at\":\"?\",\"amount\":1}"),
                                record("k", "{\"n\":1,\"at\":1000,\"amount\":1}"),
                                record(
                                        "k",
                                        "{\"n\":1,\"customer\":\"A\",\"at\":%d,\"amount\":1}"
                                                .formatted(AHEAD)),
                                record(
                                        null,
                                        "{\"n\":2,\"customer\":\"A\",\"at\":1000,\"amount\":1}")));

        assertThat(out).hasSize(8);
        List<TestRecord<byte[], byte[]>> plain =
                out.stream()
                        .filter(record -> record.headers().lastHeader("thac.context") == null)
                        .toList();
        assertThat(plain).hasSize(6);
        assertThat(plain)
                .allSatisfy(
                        record -> assertThat(header(record, "thac.source")).startsWith("in-0@"));
        TestRecord<byte[], byte[]> last =
                out.stream()
                        .filter(record -> header(record, "thac.source").equals("in-0@7"))
                        .findFirst()
                        .orElseThrow();
        assertThat(last.key()).isNull();
        assertThat(header(last, "thac.context.key")).isEqualTo("A");
        assertThat(header(last, "thac.context"))
                .isEqualTo(
                        "{\"last\":[{\"n\":1,\"customer\":\"A\",\"at\":1000,\"amount\":1,\"twice\":2}],"
                            + "\"count\":1,\"large\":0,\"sum\":1}");
    }

    @Test
    void historyStaysInItsBoundsAndExact() {
        History history = History.empty(1);
        for (int i = 0; i < 20_000; i++) {
            history.add(i, new byte[10_000], 1_000, List.of(BigDecimal.ONE), List.of(1_000_000L));
        }

        assertThat(history.sum(0, 20_000, 1_000_000)).isEqualByComparingTo("20000");
        assertThat(history.upTo(20_000)).hasSize(History.MOST_BYTES / 10_000);
        assertThat(history.bytes().length).isLessThan(History.MOST_BYTES + (128 << 10));
        History again = History.of(history.bytes(), 1);
        assertThat(again.bytes()).isEqualTo(history.bytes());
    }

    private static Map<String, Object> expected(List<Line> log, int index) {
        Line event = log.get(index);
        List<Line> earlier =
                log.subList(0, index).stream()
                        .filter(line -> line.customer.equals(event.customer))
                        .toList();
        List<Object> last =
                earlier.stream()
                        .sorted(Comparator.comparingLong(Line::at))
                        .skip(Math.max(0, earlier.size() - LAST))
                        .filter(line -> line.at <= event.at)
                        .map(ContextTopologyTest::derived)
                        .toList();
        List<Line> near =
                earlier.stream()
                        .filter(line -> line.at <= event.at && line.at > event.at - OVER)
                        .toList();
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("last", last);
        context.put("count", (long) near.size());
        context.put("large", near.stream().filter(line -> line.amount > 500).count());
        context.put("sum", near.stream().mapToLong(Line::amount).sum());
        return context;
    }

    private static Object derived(Line line) {
        byte[] json =
                line.json
                        .replace("}", ",\"twice\":" + 2 * line.amount + "}")
                        .getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(JsonTree.read(json));
    }

    private List<TestRecord<byte[], byte[]>> run(
            boolean keyed, List<TestRecord<byte[], byte[]>> records) {
        Front front = Front.of(flow(), new EventClock(Optional.of(TIME), Duration.ofHours(1)));
        ContextSpec spec =
                new ContextSpec(
                        new CelText(keyed ? "key" : "value.customer"),
                        LAST,
                        measures(),
                        Duration.ofDays(30));
        ContextTopology topology =
                ContextTopology.of(
                        front,
                        spec,
                        new ContextTopology.Place(List.of("in"), "p.context", keyed, 0));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "p.context");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:9");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(topology.build(), properties)) {
            TestInputTopic<byte[], byte[]> in =
                    driver.createInputTopic(
                            "in", new ByteArraySerializer(), new ByteArraySerializer());
            TestOutputTopic<byte[], byte[]> out =
                    driver.createOutputTopic(
                            "p.context", new ByteArrayDeserializer(), new ByteArrayDeserializer());
            records.forEach(in::pipeInput);
            assertThat(topology.read()).isEqualTo(records.size());
            return out.readRecordsToList();
        }
    }

    private static Map<String, ContextMeasureSpec> measures() {
        Duration over = Duration.ofMillis(OVER);
        Map<String, ContextMeasureSpec> measures = new LinkedHashMap<>();
        measures.put("count", new ContextMeasureSpec(cel("true"), Optional.empty(), over));
        measures.put(
                "large", new ContextMeasureSpec(cel("value.amount > 500"), Optional.empty(), over));
        measures.put("sum", new ContextMeasureSpec(Optional.empty(), cel("value.amount"), over));
        return measures;
    }

    private static Optional<CelText> cel(String text) {
        return Optional.of(new CelText(text));
    }

    private static FlowSpec flow() {
        return new FlowSpec(
                "p",
                Format.JSON,
                Optional.empty(),
                new DataSize(1 << 20),
                List.of(new Tree(Map.of("value", Map.of("n", List.of(Map.of("exists", true)))))),
                Map.of("twice", new CelText("value.amount * 2")),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                new FailuresSpec(
                        new RetrySpec(1, Duration.ZERO, Duration.ZERO, List.of()),
                        Optional.empty()),
                Map.of());
    }

    private static TestRecord<byte[], byte[]> record(@Nullable String key, @Nullable String value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("h", "v".getBytes(StandardCharsets.UTF_8));
        return new TestRecord<>(bytes(key), bytes(value), headers, STAMP);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return text(bytes(record, name));
    }

    private static byte[] bytes(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return header.value();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
