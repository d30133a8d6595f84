package dev.thac.sink;

import static org.awaitility.Awaitility.await;

import dev.thac.event.Header;
import dev.thac.kafka.ClientSettings;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.spec.CelText;
import dev.thac.spec.Secrets;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A topic on a real broker and the sinks that read it; names are new for every rig. */
final class SinkRig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final EmbeddedKafka kafka;
    private final TopicWriter writer;
    private final String pipeline = "rig" + NAMES.incrementAndGet();
    private final List<Sink> sinks = new ArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Meters meters = new Meters();

    /** A rig whose topic has so many partitions. */
    SinkRig(EmbeddedKafka kafka, int partitions) {
        this.kafka = kafka;
        this.writer = new TopicWriter(kafka.bootstrapServers());
        kafka.createTopic(topic(), partitions);
        kafka.createTopic(deadLetters(), 1);
        kafka.createTopic(SinkSettings.retryTopic(pipeline, "s"), partitions);
    }

    String pipeline() {
        return pipeline;
    }

    String topic() {
        return pipeline + ".out";
    }

    String deadLetters() {
        return pipeline + ".dlq";
    }

    Meters meters() {
        return meters;
    }

    /** What sinks said is wrong. */
    List<String> troubles() {
        return troubles;
    }

    TopicWriter writer() {
        return writer;
    }

    void write(String key, String value) {
        RecordMetadata _ = writer.write(topic(), key, value);
    }

    void write(String key, String value, List<Header> headers) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic(), bytes(key), bytes(value));
        headers.forEach(each -> record.headers().add(each.key(), each.value()));
        RecordMetadata _ = writer.acknowledged(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Starts a sink of the name {@code s}. */
    Sink start(SinkSpec spec, Connections database) {
        return start("one", spec, database);
    }

    /** Starts a sink of the name {@code s} in an instance. */
    Sink start(String instance, SinkSpec spec, Connections database) {
        return start(instance, spec, database, Ticker.system());
    }

    /** Starts a sink of the name {@code s} by another clock. */
    Sink start(String instance, SinkSpec spec, Connections database, Ticker ticker) {
        Sink sink =
                new Sinks(database, new Secrets(Map.of("KEY", "shared"), Path.of("")), ticker)
                        .make(
                                settings(instance),
                                spec,
                                sinks.isEmpty() ? meters : new Meters(),
                                (what, _) -> troubles.add(what));
        sinks.add(sink);
        sink.start();
        return sink;
    }

    SinkSettings settings(String instance) {
        String group = SinkSettings.group(pipeline, "s");
        return new SinkSettings(
                pipeline,
                "s",
                topic(),
                deadLetters(),
                ClientSettings.member(
                        kafka.bootstrapServers(), Map.of(), group, group + "-" + instance),
                ClientSettings.transactionalWriter(
                        kafka.bootstrapServers(), Map.of(), group + "-" + instance));
    }

    /** A sink into a table with an id. */
    SinkSpec table(String table, Map<String, String> columns, String... id) {
        Map<String, CelText> cel = new LinkedHashMap<>();
        columns.forEach((name, text) -> cel.put(name, new CelText(text)));
        return spec(
                Optional.of(new JdbcSinkSpec("db", table, cel, List.of(id), true, Map.of())),
                Optional.empty(),
                Optional.empty());
    }

    /** Any sink of this rig's topic. */
    SinkSpec spec(
            Optional<JdbcSinkSpec> jdbc,
            Optional<WebhookSinkSpec> webhook,
            Optional<FileSinkSpec> file) {
        return new SinkSpec(Optional.of("s"), topic(), jdbc, webhook, file);
    }

    /** Waits until the group has committed everything that is in the topic. */
    void awaitCaughtUp() {
        await().atMost(PATIENCE).until(() -> lag() == 0);
    }

    /** Records of the topic that are not committed. */
    long lag() throws InterruptedException, ExecutionException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetAndMetadata> commits =
                    admin.listConsumerGroupOffsets(SinkSettings.group(pipeline, "s"))
                            .partitionsToOffsetAndMetadata()
                            .get();
            long lag = 0;
            for (ConsumerRecord<byte[], byte[]> each : read(topic())) {
                OffsetAndMetadata commit =
                        commits.get(new TopicPartition(each.topic(), each.partition()));
                lag += commit == null || commit.offset() <= each.offset() ? 1 : 0;
            }
            return lag;
        }
    }

    /** What a committed reader sees of a topic. */
    List<ConsumerRecord<byte[], byte[]>> read(String name) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(name);
    }

    /** The values of the topic in their order, by partition. */
    Map<String, List<String>> byPartition() {
        Map<String, List<String>> lines = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> each : read(topic())) {
            lines.computeIfAbsent(each.topic() + "-" + each.partition(), _ -> new ArrayList<>())
                    .add(new String(each.value(), StandardCharsets.UTF_8));
        }
        return lines;
    }

    /** The lines of the files of a folder in their order, by partition. */
    static Map<String, List<String>> lines(Path folder) throws IOException {
        Map<String, List<String>> lines = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                String partition =
                        name.substring(0, name.length() - "-00000000000000000000.jsonl".length());
                lines.computeIfAbsent(partition, _ -> new ArrayList<>())
                        .addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    /** The instances that have partitions in the group. */
    Set<String> members() throws InterruptedException, ExecutionException {
        String group = SinkSettings.group(pipeline, "s");
        Set<String> members = new TreeSet<>();
        try (Admin admin = kafka.admin()) {
            for (MemberDescription member :
                    admin.describeConsumerGroups(List.of(group))
                            .describedGroups()
                            .get(group)
                            .get()
                            .members()) {
                if (!member.assignment().topicPartitions().isEmpty()) {
                    String name = member.groupInstanceId().orElseThrow();
                    members.add(name.substring(group.length() + 1));
                }
            }
        }
        return members;
    }

    /** A query's first column, row by row. */
    static List<String> query(Connections database, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            for (Sink sink : sinks) {
                sink.stop(Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writer.close();
        }
    }
}
