package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.meter.Metric;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.Stats;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/** A topic in which three of ten texts were written before. */
class RepeatsIT {

    private static final int EVENTS = 2_000;
    private static final int PORTION = 200;
    private static final String SMALL = "claude-haiku-5-5";

    private static Scene scene;
    private static Simulator simulator;

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
    void beginANewBill() {
        simulator.resetStats();
    }

    @Test
    void whatTheCacheSavesIsTheSameInMetricsHeadersAndOnTheBill() {
        List<String> texts = texts();
        int repeats = texts.size() - new HashSet<>(texts).size();
        assertThat(repeats).isBetween(540, 660);
        Stats everyEvent = judged(Example.of("reviews", "every").uncached(), texts, 0).bill();
        simulator.resetStats();

        Judged judged = judged(Example.of("reviews", "once"), texts, repeats);

        Stats bill = judged.bill();
        assertThat(everyEvent.models().get(SMALL).items()).isEqualTo(EVENTS);
        assertThat(bill.models().get(SMALL).items()).isEqualTo(EVENTS - judged.hits());
        assertThat((double) bill.usdNanos() / everyEvent.usdNanos()).isBetween(0.62, 0.78);
    }

    private record Judged(long hits, Stats bill) {}

    private static Judged judged(Example example, List<String> texts, int repeats) {
        try (Run run = scene.run(example.with("wait: 5s", "wait: 50ms"), simulator)) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                values.add("{\"id\":\"r-%d\",\"text\":\"%s\"}".formatted(i, texts.get(i)));
            }
            for (int from = 0; from < EVENTS; from += PORTION) {
                run.write("reviews.raw", values.subList(from, from + PORTION));
                run.awaitSettled(from + PORTION);
            }
            run.stop();

            List<Written> written = run.written("reviews.analyzed");
            List<Written> cached =
                    written.stream()
                            .filter(output -> "cache".equals(output.header("thac.review.tier")))
                            .toList();
            Stats bill = simulator.stats();
            assertThat(written).hasSize(EVENTS);
            assertThat(cached.size())
                    .as("repeats answered for nothing; a few come between answer and cache")
                    .isBetween((int) (repeats * 0.95), repeats);
            assertThat(cached)
                    .allSatisfy(
                            output -> {
                                assertThat(output.header("thac.review.reason"))
                                        .startsWith(
                                                "same input as " + example.topic("reviews.raw"));
                                assertThat(output.header("thac.review.model")).isNotEmpty();
                            });
            assertThat(Written.sum(cached, "thac.cost.nanos")).isZero();
            assertThat(Written.sum(written, "thac.cost.nanos")).isEqualTo(bill.usdNanos());
            assertThat(run.status().decisions().get("review").getOrDefault("cache", 0L))
                    .isEqualTo(cached.size());
            assertThat(requests(run, example, "hit")).isEqualTo(cached.size());
            assertThat(requests(run, example, "miss"))
                    .isEqualTo(repeats == 0 ? 0 : EVENTS - cached.size());
            return new Judged(cached.size(), bill);
        }
    }

    private static double requests(Run run, Example example, String result) {
        return run.meters()
                .value(Metric.CACHE_REQUESTS, example.topic("reviews"), "review", result);
    }

    /** Of ten texts about seven are new and three were written at some time before. */
    private static List<String> texts() {
        Random random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            boolean repeats = i > 0 && random.nextInt(10) < 3;
            texts.add(repeats ? texts.get(random.nextInt(i)) : "Giao nhanh, máy đẹp, đơn số " + i);
        }
        return texts;
    }
}
