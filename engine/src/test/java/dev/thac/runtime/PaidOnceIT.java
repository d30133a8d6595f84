package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A pipeline that is cut off while its events are between two models, and one that goes on. */
class PaidOnceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 60;

    private EmbeddedKafka kafka;
    private Simulator small;
    private Simulator stuck;
    private Simulator strong;

    @TempDir private Path folder;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("paid.raw", 2);
        small = Simulator.start(SimulatorSettings.DEFAULT);
        stuck = Simulator.start(SimulatorSettings.DEFAULT.withLatency(Latency.parse("10m")));
        strong = Simulator.start(SimulatorSettings.DEFAULT);
        try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            writer.writeAll(
                    "paid.raw",
                    IntStream.range(0, EVENTS)
                            .mapToObj(i -> "{\"id\":" + i + ",\"text\":\"Pin yếu " + i + "\"}")
                            .toList());
        }
    }

    @AfterEach
    void stop() {
        strong.close();
        stuck.close();
        small.close();
        kafka.close();
    }

    @Test
    void whatTheFirstModelAnsweredBeforeACrashIsNotBoughtAgain() throws Exception {
        cutOffBetweenTheModels("journal: {}");
        assertThat(small.stats().items()).isEqualTo(EVENTS);

        Meters meters = new Meters();
        long begun = System.nanoTime();
        PipelineRuntime second = run("journal: {}", strong, meters);
        await().atMost(PATIENCE).until(() -> second.status().settled() > 0);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        await().atMost(PATIENCE).until(() -> second.status().settled() == EVENTS);
        second.stop();

        assertThat(small.stats().items()).isEqualTo(EVENTS);
        assertThat(strong.stats().items()).isEqualTo(EVENTS);
        assertThat(meters.value(Metric.JOURNAL_HITS, "paid", "mood", "small")).isEqualTo(EVENTS);
        assertThat(meters.scrape()).contains("thac_journal_held_answers{pipeline=\"paid\"} 0.0");
        assertThat(second.status().cost().nanos())
                .isEqualTo(small.stats().usdNanos() + strong.stats().usdNanos());
        List<ConsumerRecord<byte[], byte[]>> out =
                TopicReader.readCommitted(kafka.bootstrapServers()).drain("paid.out");
        assertThat(out).hasSize(EVENTS);
        assertThat(TopicReader.header(out.getFirst(), "thac.mood.tier")).isEqualTo("strong");
    }

    @Test
    void withoutAJournalItIs() throws Exception {
        cutOffBetweenTheModels("");
        PipelineRuntime second = run("", strong, new Meters());
        await().atMost(PATIENCE).until(() -> second.status().settled() == EVENTS);
        second.stop();

        assertThat(small.stats().items()).isEqualTo(2 * EVENTS);
    }

    @Test
    void aJournalWithFewerPartitionsThanTheSourceIsRefused() throws Exception {
        kafka.createTopic("paid.journal", 1);

        assertThatThrownBy(() -> run("journal: {}", strong, new Meters()))
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("--partitions 2");
    }

    /** All events have the first model's answer and wait for the second's, which never comes. */
    private void cutOffBetweenTheModels(String journal) throws Exception {
        Meters meters = new Meters();
        PipelineRuntime first = run(journal, stuck, meters);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                meters.total(Metric.ESCALATIONS) == EVENTS
                                        && (journal.isEmpty()
                                                || meters.total(Metric.JOURNAL_WRITES) == EVENTS));
        first.stop(Duration.ZERO);
        assertThat(first.status().settled()).isZero();
    }

    private PipelineRuntime run(String journal, Simulator second, Meters meters) throws Exception {
        Loaded file = PipelineFiles.load(pipeline(journal, second));
        Models models =
                Models.of(
                        file.orThrow().allModels(file.project()),
                        Map.of("ANTHROPIC_API_KEY", "simulated"),
                        PriceBook.bundled(),
                        meters,
                        Ticker.system());
        return PipelineRuntime.start(
                file.orThrow(),
                file.project(),
                RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(2),
                models,
                meters,
                Ticker.system());
    }

    private Path pipeline(String journal, Simulator second) throws IOException {
        return Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                pipeline: paid
                source: { topic: paid.raw, group: payers, start: earliest }
                analyses:
                  mood:
                    task: Say the mood.
                    input: "{{ value.text }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                    cache: { mode: off }
                    tiers:
                      - { model: small, accept: { confidence: 1 }, batch: { size: 10, wait: 50ms } }
                      - { model: strong, batch: { size: 10, wait: 50ms } }
                routes: [ { to: paid.out } ]
                %s
                models:
                  small: { provider: anthropic, url: "%s", model: claude-haiku-5-5 }
                  strong: { provider: anthropic, url: "%s", model: claude-sonnet-5-5, timeout: 20m }
                """
                        .formatted(journal, small.baseUri(), second.baseUri()));
    }
}
