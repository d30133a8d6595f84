package dev.thac.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.simulator.Call;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Three instances with a backlog share a provider account, over real HTTP and a real broker. What
 * came in any sliding minute is counted in the simulator's log, which keeps no limits itself.
 */
@Tag("faults")
class SharedAccountIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration STEADY = Duration.ofSeconds(200);
    private static final Duration AFTER = Duration.ofSeconds(80);

    /** The rise. */
    private static final Duration START = Duration.ofSeconds(10);

    private static final int CALLS = 600;
    private static final double MOST = 1.02;
    private static final double LEAST = 0.95;
    private static final int EVENTS = 6_000;

    @TempDir private Path folder;

    /** What came in a sliding minute. */
    private record Figures(long mostCalls, long mostTokens, long leastCalls, long leastTokens) {}

    @Test
    void threeInstancesUseTheirAccountAndNoSlidingMinuteSeesMore(TestReporter reporter)
            throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                Scene tokensBind = new Scene(kafka, "tokens", 100_000, true);
                Scene callsBind = new Scene(kafka, "calls", 1_000_000, true);
                Scene apart = new Scene(kafka, "apart", 1_000_000, false)) {
            List<Scene> scenes = List.of(tokensBind, callsBind, apart);
            for (int i = 0; i < 3; i++) {
                for (Scene scene : scenes) {
                    scene.start(i);
                }
            }
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> tokensBind.divided() && callsBind.divided());
            Instant began = Instant.now();
            pass(STEADY);
            Instant steadyUntil = Instant.now();
            for (Scene scene : scenes) {
                scene.running.removeFirst().stop(Duration.ofSeconds(1));
            }
            pass(AFTER);

            Figures tokens = tokensBind.figures(began.plus(START), steadyUntil);
            Figures calls = callsBind.figures(began.plus(START), steadyUntil);
            Figures alone = apart.figures(began.plus(START), steadyUntil);
            reporter.publishEntry(
                    Map.of(
                            "100,000 tokens a minute bind", tokens.toString(),
                            "600 calls a minute bind", calls.toString(),
                            "control: each for itself", alone.toString()));
            assertThat((double) tokens.mostTokens()).isLessThanOrEqualTo(MOST * 100_000);
            assertThat((double) tokens.mostCalls()).isLessThanOrEqualTo(MOST * CALLS);
            assertThat((double) calls.mostCalls()).isLessThanOrEqualTo(MOST * CALLS);
            assertThat((double) tokens.leastTokens()).isGreaterThanOrEqualTo(LEAST * 100_000);
            assertThat((double) calls.leastCalls()).isGreaterThanOrEqualTo(LEAST * CALLS);
            assertThat((double) alone.mostCalls()).isGreaterThan(2 * CALLS);
        }
    }

    /** One account and three instances of one pipeline, or three pipelines that do not share. */
    private final class Scene implements AutoCloseable {

        private final EmbeddedKafka kafka;
        private final String name;
        private final int tokens;
        private final boolean sharing;
        private final Simulator simulator;
        private final List<PipelineRuntime> running = new ArrayList<>();

        Scene(EmbeddedKafka kafka, String name, int tokens, boolean sharing) {
            this.kafka = kafka;
            this.name = name;
            this.tokens = tokens;
            this.sharing = sharing;
            this.simulator =
                    Simulator.start(
                            SimulatorSettings.DEFAULT.withLatency(
                                    Latency.parse("lognormal:500ms,0.5")));
            kafka.createTopic(name + ".raw", 12);
            kafka.createTopic(name + ".out", 1);
            try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
                writer.writeAll(
                        name + ".raw",
                        IntStream.range(0, EVENTS).mapToObj(SharedAccountIT::event).toList());
            }
        }

        void start(int number) throws Exception {
            Loaded file =
                    PipelineFiles.load(
                            Files.writeString(
                                    folder.resolve(name + number + ".yaml"), text(number)));
            Meters meters = new Meters();
            running.add(
                    PipelineRuntime.start(
                            file.orThrow(),
                            file.project(),
                            RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(12),
                            Models.of(
                                    file.orThrow().allModels(file.project()),
                                    Map.of("ANTHROPIC_API_KEY", "simulated"),
                                    PriceBook.bundled(),
                                    meters,
                                    Ticker.system()),
                            meters,
                            Ticker.system()));
        }

        /** Whether each instance has its third. */
        boolean divided() {
            return running.stream().allMatch(each -> each.status().partitions() == 4);
        }

        private String text(int number) {
            String own = sharing ? name : name + number;
            return """
            pipeline: %s
            source: { topic: %s.raw, group: %s, start: earliest }
            limits: { openEvents: 300 }
            analyses:
              mood:
                task: Say the mood.
                input: "{{ value.text }}"
                output: { mood: { enum: [good, bad] } }
                tiers: [ { model: m } ]
            routes: [ { to: %s.out } ]
            models:
              m:
                provider: anthropic
                url: "%s"
                model: claude-haiku-5-5
                limits: { requests: %d/min, inputTokens: %d/min }
            """
                    .formatted(own, name, own, name, simulator.baseUri(), CALLS, tokens);
        }

        Figures figures(Instant from, Instant until) {
            List<Call> calls =
                    simulator.calls().stream().sorted(Comparator.comparing(Call::time)).toList();
            long mostCalls = 0;
            long mostTokens = 0;
            for (int first = 0; first < calls.size(); first++) {
                Sum minute = sum(calls, calls.get(first).time());
                mostCalls = Math.max(mostCalls, minute.calls());
                mostTokens = Math.max(mostTokens, minute.tokens());
            }
            long leastCalls = Long.MAX_VALUE;
            long leastTokens = Long.MAX_VALUE;
            for (Instant begin = from;
                    !begin.plus(MINUTE).isAfter(until);
                    begin = begin.plusSeconds(1)) {
                Sum minute = sum(calls, begin);
                leastCalls = Math.min(leastCalls, minute.calls());
                leastTokens = Math.min(leastTokens, minute.tokens());
            }
            return new Figures(mostCalls, mostTokens, leastCalls, leastTokens);
        }

        @Override
        public void close() {
            try {
                for (PipelineRuntime runtime : running) {
                    runtime.stop(Duration.ZERO);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the pipelines stopped", e);
            } finally {
                simulator.close();
            }
        }
    }

    private record Sum(long calls, long tokens) {}

    private static Sum sum(List<Call> calls, Instant from) {
        Instant until = from.plus(MINUTE);
        long count = 0;
        long tokens = 0;
        for (Call call : calls) {
            if (!call.time().isBefore(from) && call.time().isBefore(until)) {
                count++;
                tokens += call.inputTokens();
            }
        }
        return new Sum(count, tokens);
    }

    /** Texts of very different length. */
    private static String event(int number) {
        return "{\"text\":\"Hàng đẹp " + number + " ok".repeat(number * 7 % 120) + "\"}";
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().atMost(time.plusSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime() - end >= 0);
    }
}
