package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.database.DatabaseSpec;
import dev.thac.event.JsonTree;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.ProjectSpec;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.database.EmbeddedPostgres;
import dev.thac.testkit.simulator.CallView;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The anomaly example as it is shipped: rules, profiles from a real PostgreSQL, history from the
 * stream, simulated models that see only what the prompt shows.
 */
class AnomalyIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path FOLDER = Path.of("../examples/anomaly");

    /** The two cases of the article the example is made from. */
    private static final String VIP_LUXURY = "t-00008";

    private static final String TEN_PHONES = "t-00186";

    @Test
    void casesAreJudgedInContextAndNoPersonalDataLeavesTheHouse() throws Exception {
        List<String> events = Files.readAllLines(FOLDER.resolve("events.jsonl"));
        List<CallView> calls = Collections.synchronizedList(new ArrayList<>());
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers());
                EmbeddedPostgres postgres = EmbeddedPostgres.start();
                Simulator simulator = Simulator.start(SimulatorSettings.DEFAULT)) {
            simulator.script(
                    call -> {
                        calls.add(call);
                        return Reply.normal();
                    });
            postgres.execute("create database core");
            postgres.execute("core", Files.readString(FOLDER.resolve("database.sql")));
            PipelineRuntime runtime = start(kafka, postgres, simulator);
            for (String event : events) {
                writer.write("transactions", text(map(event), "customer"), event);
            }
            await().atMost(PATIENCE).until(() -> runtime.status().settled() == events.size());
            runtime.stop();

            TopicReader reader = TopicReader.readCommitted(kafka.bootstrapServers());
            assertThat(reader.drain("transactions.dlq")).isEmpty();
            judgedRight(reader.drain("transactions.judged"), events.size());
        }
        seesProfileAndHistory(calls);
        seesNoPersonalData(calls, events);
    }

    private static void judgedRight(List<ConsumerRecord<byte[], byte[]>> outputs, int events)
            throws Exception {
        Map<String, String> verdicts = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> output : outputs) {
            Map<?, ?> value = map(new String(output.value(), StandardCharsets.UTF_8));
            Map<?, ?> risk = (Map<?, ?>) ((Map<?, ?>) get(value, "analysis")).get("risk");
            assertThat(verdicts.put(text(value, "id"), text(risk, "verdict"))).isNull();
            // rules, routes and outputs see what came and what was looked up
            assertThat(new String(output.key(), StandardCharsets.UTF_8))
                    .isEqualTo(text(value, "customer"));
            assertThat(text((Map<?, ?>) get(value, "profile"), "name"))
                    .isEqualTo(text(value, "name"));
        }
        assertThat(verdicts).hasSize(events);
        assertThat(verdicts.get(VIP_LUXURY)).isEqualTo("normal");
        assertThat(verdicts.get(TEN_PHONES)).isEqualTo("suspicious");
        List<String> wrong = new ArrayList<>();
        List<String> expected = Files.readAllLines(FOLDER.resolve("expected.jsonl"));
        for (String line : expected) {
            String id = text(map(line), "id");
            if (!text(map(line), "verdict").equals(verdicts.get(id))) {
                wrong.add(line + " got " + verdicts.get(id));
            }
        }
        assertThat(expected).hasSize(200);
        assertThat(wrong).hasSizeLessThanOrEqualTo(10);
    }

    private static void seesProfileAndHistory(List<CallView> calls) {
        List<String> vip =
                calls.stream()
                        .flatMap(call -> call.inputs().stream())
                        .filter(input -> input.startsWith("transaction: 50000000 VND at "))
                        .filter(input -> input.contains("\"tier\":\"vip\""))
                        .toList();
        assertThat(vip).isNotEmpty();
        assertThat(vip)
                .anySatisfy(
                        input ->
                                assertThat(input)
                                        .contains("\"opened_on\":", "\"last\":[{", "\"count_1h\":0")
                                        .contains("\"category\":\"luxury\"", "[customer]")
                                        .contains("\"name\":\"[name]\""));
    }

    private static void seesNoPersonalData(List<CallView> calls, List<String> events) {
        Set<String> personal = new LinkedHashSet<>();
        for (String event : events) {
            Map<?, ?> value = map(event);
            personal.add(text(value, "customer"));
            personal.add(text(value, "phone"));
            personal.add(text(value, "name"));
            for (String word : text(value, "note").split("[ ,]+")) {
                if (word.contains("@") || word.matches("[0-9]{9,14}")) {
                    personal.add(word);
                }
            }
        }
        assertThat(personal).hasSizeGreaterThan(800);
        StringBuilder sent = new StringBuilder();
        for (CallView call : calls) {
            sent.append(call.body());
            call.inputs().forEach(sent::append);
        }
        String all = sent.toString();
        assertThat(personal.stream().filter(all::contains)).isEmpty();
        assertThat(all).contains("[phone]", "[email]", "[national-id]", "[account]", "[customer]");
    }

    private static PipelineRuntime start(
            EmbeddedKafka kafka, EmbeddedPostgres postgres, Simulator simulator)
            throws InterruptedException {
        Loaded loaded = PipelineFiles.load(FOLDER.resolve("pipeline.yaml"));
        PipelineSpec spec = loaded.orThrow();
        ProjectSpec project =
                loaded.project()
                        .withDatabases(
                                Map.of(
                                        "core",
                                        new DatabaseSpec(
                                                postgres.jdbcUrl("core")
                                                        + "?password="
                                                        + postgres.password(),
                                                Optional.of(postgres.user()),
                                                Optional.empty(),
                                                4)));
        Meters meters = new Meters();
        return PipelineRuntime.start(
                spec,
                project,
                RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(4),
                Models.of(
                        spec.allModels(project),
                        Scene.environment(simulator),
                        PriceBook.bundled(),
                        meters,
                        Ticker.system()),
                meters,
                Ticker.system());
    }

    private static Map<?, ?> map(String json) {
        return (Map<?, ?>)
                Objects.requireNonNull(JsonTree.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Object get(Map<?, ?> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    private static String text(Map<?, ?> map, String name) {
        return get(map, name).toString();
    }
}
