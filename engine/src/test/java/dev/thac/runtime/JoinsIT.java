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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Joins of a pipeline file against the real broker. */
class JoinsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ORDERS = 1_000;

    @TempDir private Path folder;

    @Test
    void ordersFindTheirPaymentsOnceThoughTheProgramIsStartedAgainInBetween() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        pipeline: paid
                        source: { topic: orders, group: paid, start: earliest, time: value.at }
                        filter: [ { value: { total: [ { numeric: [ ">=", 10 ] } ] } } ]
                        joins:
                          payments:
                            by: value.id
                            with: { topic: payments, by: value.order, time: value.at }
                            within: 5m
                            to: orders.paid
                        """);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            kafka.createTopic("orders", 3);
            kafka.createTopic("payments", 4);
            writer.writeAll("orders", orders(0, ORDERS / 2));
            PipelineRuntime first = start(file, kafka, "a");
            writer.writeAll("payments", payments(0, ORDERS / 2));
            await().atMost(PATIENCE).until(() -> paid(kafka).size() >= 100);
            first.stop();

            writer.writeAll("orders", orders(ORDERS / 2, ORDERS));
            writer.writeAll("payments", payments(ORDERS / 2, ORDERS));
            PipelineRuntime second = start(file, kafka, "a");
            await().atMost(PATIENCE).until(() -> paid(kafka).size() >= ORDERS - 10);
            assertThat(second.status().companions())
                    .anySatisfy(each -> assertThat(each.kind()).isEqualTo("joins"));
            assertThat(second.status().partitions()).as("there is no lane").isZero();
            second.stop();

            Set<String> names =
                    paid(kafka).stream()
                            .map(text -> text.replaceAll("^\\{\"key\":\"(.*?)\",.*", "$1"))
                            .collect(Collectors.toSet());
            assertThat(paid(kafka)).hasSize(ORDERS - 10);
            assertThat(names)
                    .isEqualTo(
                            IntStream.range(10, ORDERS)
                                    .mapToObj(i -> "o-" + i)
                                    .collect(Collectors.toSet()));
        }
    }

    private static PipelineRuntime start(Path file, EmbeddedKafka kafka, String instance)
            throws InterruptedException {
        RuntimeSettings settings = RuntimeSettings.of(kafka.bootstrapServers()).named(instance);
        return ContextProcess.start(file, settings, new Meters());
    }

    private static List<String> paid(EmbeddedKafka kafka) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drainTexts("orders.paid");
    }

    private static List<String> orders(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i ->
                                "{\"id\":\"o-%d\",\"total\":%d,\"at\":%d}"
                                        .formatted(i, i, 1_760_000_000_000L + i))
                .toList();
    }

    /** Three minutes after the order. */
    private static List<String> payments(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i ->
                                "{\"order\":\"o-%d\",\"at\":%d}"
                                        .formatted(i, 1_760_000_000_000L + i + 180_000))
                .toList();
    }
}
