package dev.thac.app.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.app.CommandRun;
import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.spec.Secrets;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.database.EmbeddedPostgres;
import dev.thac.testkit.webhook.WebhookCall;
import dev.thac.testkit.webhook.WebhookReceiver;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The shipped example of clicks from made-up clicks to the table and the webhook, on real brokers
 * and a real database: what arrives there is recomputed in the plainest way from the input topic.
 * The control, tried by hand: without {@code reset} a burst is more than one alert, and it fails.
 */
class ClicksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int EVENTS = 12_000;
    private static final int PARTITIONS = 4;
    private static final int USERS = 200; // below 256 their numbers are exact
    private static final double RATE = 10;
    private static final Instant END = SampleEvents.START.plus(Duration.ofDays(1));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;

    @TempDir private Path folder;

    @BeforeAll
    static void startServers() {
        kafka = EmbeddedKafka.start();
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopServers() {
        postgres.close();
        kafka.close();
    }

    @Test
    void rowsOfPagesAndAlertsOfBurstsAreWhatTheInputTopicSays() throws Exception {
        kafka.createTopic("clicks", PARTITIONS);
        produce();
        ClicksModel model = new ClicksModel();
        for (ConsumerRecord<byte[], byte[]> click : drain("clicks")) {
            model.take(click);
        }
        assertThat(model.late()).as("late ones are among them").isPositive();
        assertThat(model.bursts()).as("bursts").hasSizeGreaterThan(2);

        try (WebhookReceiver receiver = WebhookReceiver.start(0)) {
            PipelineRuntime runtime = start(receiver);
            try {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> rows().size() >= model.pages().size());
                await().atMost(PATIENCE)
                        .until(() -> receiver.calls().size() >= model.alerts().size());
            } finally {
                runtime.stop();
            }

            assertThat(rows()).isEqualTo(model.pages());
            assertThat(drain("clicks.per-page")).hasSameSizeAs(model.pages().keySet());
            assertThat(alerts()).containsExactlyInAnyOrderElementsOf(model.alerts());
            assertThat(alertsByUser()).as("one for each burst").isEqualTo(model.bursts());
            assertThat(receiver.calls().stream().map(WebhookCall::text))
                    .containsExactlyInAnyOrderElementsOf(texts("clicks.suspicious"));
        }
    }

    /**
     * Clicks by user, so that one user's are in order of arrival; the last ones end all windows.
     */
    private static void produce() {
        SampleEvents events =
                new SampleEvents(SampleKind.CLICKS, 7, SampleEvents.START, RATE, USERS);
        try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            for (int i = 0; i < EVENTS; i++) {
                SampleEvent event = events.next();
                RecordMetadata _ = writer.write("clicks", event.key(), event.value());
            }
            byte[] end =
                    "{\"user_id\":\"nobody\",\"page_url\":\"/end\",\"timestamp\":\"%s\"}"
                            .formatted(END)
                            .getBytes(StandardCharsets.UTF_8);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                RecordMetadata _ =
                        writer.acknowledged(new ProducerRecord<>("clicks", partition, null, end));
            }
        }
    }

    /** The example's files as a user would fill them in. */
    private PipelineRuntime start(WebhookReceiver receiver)
            throws IOException, InterruptedException {
        copy(
                "thac.yaml",
                Map.of(
                        "jdbc:postgresql://localhost:5432/analytics",
                        postgres.jdbcUrl(),
                        "user: clicks",
                        "user: " + postgres.user()));
        Path file =
                copy(
                        "pipeline.yaml",
                        Map.of(
                                "start: latest",
                                "start: earliest",
                                "https://hooks.example.com/fraud",
                                receiver.uri() + "fraud"));
        Loaded loaded = PipelineFiles.load(file);
        Meters meters = new Meters();
        return PipelineRuntime.start(
                loaded.orThrow(),
                loaded.project(),
                RuntimeSettings.of(kafka.bootstrapServers())
                        .named(folder.getFileName().toString())
                        .creatingTopics(PARTITIONS)
                        .withSecrets(
                                new Secrets(
                                        Map.of(
                                                "ANALYTICS_PASSWORD",
                                                postgres.password(),
                                                "FRAUD_HOOK_SECRET",
                                                "shared"),
                                        folder)),
                Models.of(Map.of(), Map.of(), PriceBook.bundled(), meters, Ticker.system()),
                meters,
                Ticker.system());
    }

    private Path copy(String name, Map<String, String> changes) throws IOException {
        String text = Files.readString(CommandRun.root().resolve("examples/clicks").resolve(name));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            assertThat(text).contains(change.getKey());
            text = text.replace(change.getKey(), change.getValue());
        }
        return Files.writeString(folder.resolve(name), text);
    }

    /** Page and start of the window, to clicks and users; none before there is a table. */
    private static Map<String, String> rows() throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            try (ResultSet table = statement.executeQuery("select to_regclass('page_clicks')")) {
                table.next();
                if (table.getString(1) == null) {
                    return rows;
                }
            }
            try (ResultSet row =
                    statement.executeQuery(
                            "select page, opened, clicks, users" + " from page_clicks")) {
                while (row.next()) {
                    rows.put(
                            row.getString(1) + " " + row.getTimestamp(2).toInstant(),
                            row.getLong(3) + " clicks of " + row.getLong(4));
                }
            }
        }
        return rows;
    }

    private static List<String> alerts() throws IOException {
        List<String> alerts = new ArrayList<>();
        for (String text : texts("clicks.suspicious")) {
            JsonNode alert = JSON.readTree(text);
            alerts.add(
                    alert.at("/key/user_id").asText()
                            + " "
                            + alert.at("/window/end").asText()
                            + " "
                            + alert.path("clicks").asInt());
        }
        return alerts;
    }

    private static Map<String, Integer> alertsByUser() throws IOException {
        Map<String, Integer> times = new TreeMap<>();
        for (String alert : alerts()) {
            times.merge(alert.substring(0, alert.indexOf(' ')), 1, Integer::sum);
        }
        return times;
    }

    private static List<String> texts(String topic) {
        return drain(topic).stream()
                .map(
                        record ->
                                new String(
                                        Objects.requireNonNull(record.value()),
                                        StandardCharsets.UTF_8))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> drain(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic);
    }
}
