package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.meter.Meters;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Lookups in a compacted topic against the real broker. */
class TablesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void eventsFindTheNewestValueOfTheirKeyAndWaitForTheTable() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        pipeline: tables
                        source: { topic: orders, group: tables, start: earliest }
                        enrich:
                          user: { table: users, with: { id: value.user }, missing: drop }
                        routes: [ { to: enriched } ]
                        """);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            kafka.createTopic("users", 3, Map.of("cleanup.policy", "compact"));
            kafka.createTopic("orders", 4);
            for (int i = 0; i < 2_000; i++) {
                writer.write("users", "u-" + i % 500, "{\"tier\":\"t" + i + "\"}");
            }
            writer.write("users", "u-7", null);
            writer.write("users", "u-8", "no json");
            for (int i = 0; i < 500; i++) {
                writer.write("orders", "o", "{\"n\":" + i + ",\"user\":\"u-" + i + "\"}");
            }
            PipelineRuntime runtime =
                    ContextProcess.start(
                            file, RuntimeSettings.of(kafka.bootstrapServers()), new Meters());
            await().atMost(PATIENCE).until(() -> runtime.status().settled() == 500);

            List<String> outputs =
                    TopicReader.readCommitted(kafka.bootstrapServers()).drainTexts("enriched");
            assertThat(outputs).hasSize(498);
            for (String output : outputs) {
                int n = Integer.parseInt(output.replaceAll(".*\"n\":(\\d+).*", "$1"));
                assertThat(output).contains("\"user\":{\"tier\":\"t" + (1500 + n) + "\"}");
            }
            assertThat(runtime.status().outcomes())
                    .containsEntry("filtered", 1L)
                    .containsEntry("dead-lettered", 1L);

            writer.write("users", "u-7", "{\"tier\":\"back\"}");
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                writer.write("orders", "o", "{\"n\":7,\"user\":\"u-7\"}");
                                return TopicReader.readCommitted(kafka.bootstrapServers())
                                        .drainTexts("enriched")
                                        .stream()
                                        .anyMatch(text -> text.contains("back"));
                            });
            runtime.stop();
        }
    }
}
