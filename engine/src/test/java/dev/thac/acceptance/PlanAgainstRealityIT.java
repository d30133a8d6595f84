package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thac.cost.PriceBook;
import dev.thac.event.Delivery;
import dev.thac.event.RecordId;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;
import dev.thac.plan.AnalysisPlan;
import dev.thac.plan.Calibration;
import dev.thac.plan.Expectations;
import dev.thac.plan.Given;
import dev.thac.plan.Plan;
import dev.thac.plan.PlanRequest;
import dev.thac.plan.Planner;
import dev.thac.plan.Survey;
import dev.thac.plan.Tokenizer;
import dev.thac.plan.Traffic;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.PipelineFiles;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.testkit.simulator.Stats;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a plan says, held against what a run of the same pipeline was billed. The plan sees other
 * events of the same kind: it asks the simulated models about a sample of its own and knows nothing
 * of how they count.
 */
class PlanAgainstRealityIT {

    private static final int FEW = 2_000;
    private static final int MANY = 20_000;
    private static final int SAMPLE = 3_000;
    private static final double PER_SECOND = 300;
    private static final double SECONDS_PER_DAY = 86_400;
    private static final double TOLERANCE = 0.05;

    /** A few batches more or less are much of a short run. */
    private static final double SHORT_TOLERANCE = 0.10;

    private static final long SEED_OF_SAMPLE = 11;
    private static final long SEED_OF_RUN = 12;

    private static final String CASCADE =
            """
            analyses:
              review:
                task: You analyse product reviews written in Vietnamese or English.
                input: "{{ value.text }}"
                output:
                  sentiment: { enum: [positive, negative, neutral] }
                  score: { type: integer, minimum: 1, maximum: 5 }
                  summary: { type: string, maxLength: 200 }
                tiers:
                  - rules:
                      - when: "value.rating == 5 && fold(value.text).contains('se mua lai')"
                        then: { sentiment: positive, score: 5, summary: Khách hài lòng. }
                  - model: small
                    accept: { confidence: 0.8 }
                    batch: { size: 10, wait: 1s }
                  - model: strong
            """;

    private static final String BATCHED =
            """
            analyses:
              mood:
                task: You judge the tone of messages of customers of a shop.
                input: "{{ value.text }}"
                output:
                  label: { enum: [positive, negative, neutral] }
                tiers:
                  - model: small
                    batch: { size: 80, wait: 200ms }
            """;

    private static final String TWO =
            """
            analyses:
              mood:
                task: You judge the tone of messages of customers of a shop.
                input: "{{ value.text }}"
                output:
                  label: { enum: [positive, negative, neutral] }
                tiers:
                  - model: small
                    batch: { size: 20, wait: 1s }
              topic:
                task: You say what a message of a customer of a shop is about.
                input: "rating {{ value.rating }}: {{ value.text }}"
                output:
                  about: { enum: [shipping, quality, service, price] }
                  why: { type: string, maxLength: 120 }
                tiers:
                  - model: thoughtful
            """;

    /** A cache, and a tier whose batches mostly fill. */
    private static final String CACHED =
            """
            analyses:
              mood:
                task: You judge the tone of messages of customers of a shop.
                input: "{{ value.text }}"
                output:
                  label: { enum: [positive, negative, neutral] }
                tiers:
                  - model: small
                    batch: { size: 20, wait: 500ms }
            """;

    private static final int REPEATS_IN_TEN = 3;

    private static Scene scene;
    private static Simulator simulator;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        simulator = Simulator.start(SimulatorSettings.DEFAULT.withLatency(Latency.parse("20ms")));
    }

    @AfterAll
    static void stop() {
        simulator.close();
        scene.close();
    }

    @Test
    void rulesAndASmallAndAStrongModelTakeWhatThePlanSays() throws Exception {
        compare("cascade", CASCADE, FEW, SHORT_TOLERANCE);
    }

    @Test
    void batchesThatTheirWindowClosesTakeWhatThePlanSays() throws Exception {
        compare("batched", BATCHED, FEW, SHORT_TOLERANCE);
    }

    @Test
    void twoAnalysesTakeWhatThePlanSays() throws Exception {
        compare("two", TWO, FEW, SHORT_TOLERANCE);
    }

    @Test
    void whatTheCacheAnswersOfThirtyPercentRepeatsIsWhatThePlanSays() throws Exception {
        compare("cached", CACHED, FEW, SHORT_TOLERANCE);
    }

    @Test
    @Tag("faults")
    void twentyThousandEventsOfEachTakeWhatThePlanSays() throws Exception {
        compare("cascade-long", CASCADE, MANY, TOLERANCE);
        compare("batched-long", BATCHED, MANY, TOLERANCE);
        compare("two-long", TWO, MANY, TOLERANCE);
        compare("cached-long", CACHED, MANY, TOLERANCE);
    }

    private void compare(String name, String analyses, int events, double tolerance)
            throws Exception {
        Example example = new Example(name, text(name, analyses));
        Plan plan = plan(example);
        double ofDay = events / plan.traffic().eventsPerDay();

        double cached = run(example, events);

        Stats billed = simulator.stats();
        System.out.printf("%s, %,d events, planned and billed:%n", name, events);
        assertThat(billed.errors()).isEmpty();
        close("calls", plan.use().calls() * ofDay, billed.calls(), tolerance);
        close("input tokens", plan.use().inputTokens() * ofDay, billed.inputTokens(), tolerance);
        close(
                "output tokens",
                (plan.use().outputTokens() + plan.use().thinkingTokens()) * ofDay,
                billed.outputTokens(),
                tolerance);
        double byCache = plan.analyses().stream().mapToDouble(AnalysisPlan::byCache).sum();
        if (analyses.equals(CACHED)) {
            close("answers from the cache", byCache * ofDay, cached, tolerance);
        } else {
            assertThat(cached).isEqualTo(byCache).isZero();
        }
        close("money", plan.usdPerDay().orElseThrow() * ofDay, billed.usdNanos() / 1e9, tolerance);
    }

    private static void close(String what, double planned, double billed, double tolerance) {
        System.out.printf("  %s: %.4f / %.4f = %.4f%n", what, planned, billed, planned / billed);
        assertThat(planned / billed)
                .as("%s: planned %.4f, billed %.4f", what, planned, billed)
                .isCloseTo(1, within(tolerance));
    }

    private Plan plan(Example example) throws Exception {
        FlowSpec flow =
                PipelineFiles.load(Files.writeString(folder.resolve("p.yaml"), example.text()))
                        .flow();
        Tokenizer tokenizer = new Tokenizer();
        List<Delivery> sample = new ArrayList<>();
        for (String value : events(example, SAMPLE, SEED_OF_SAMPLE)) {
            sample.add(
                    new Delivery(
                            new RecordId("sample", 0, sample.size()),
                            0,
                            null,
                            value.getBytes(StandardCharsets.UTF_8),
                            List.of()));
        }
        Models models =
                Models.of(
                        flow.models(),
                        Scene.environment(simulator),
                        PriceBook.bundled(),
                        new Meters(),
                        Ticker.system());
        Expectations expected =
                Expectations.of(
                        flow,
                        new Expectations.Known(
                                Given.NOTHING,
                                Optional.of(Survey.of(flow, sample, tokenizer)),
                                Optional.of(Calibration.of(flow, sample, models::get, tokenizer))),
                        tokenizer);
        return Planner.plan(
                new PlanRequest(
                        flow.pipeline(),
                        expected.workload(),
                        Traffic.flat(PER_SECOND * SECONDS_PER_DAY),
                        flow.models(),
                        (model, _) -> models.price(model),
                        Instant.now(),
                        PlanRequest.MEAN_MONTH,
                        Optional.empty(),
                        expected.assumptions()));
    }

    /** Events come at random, so many a second on average. */
    private static double run(Example example, int events) throws InterruptedException {
        List<String> values = events(example, events, SEED_OF_RUN);
        SplittableRandom random = new SplittableRandom(5);
        Ticker ticker = Ticker.system();
        try (Run run = scene.run(example, simulator)) {
            run.write("reviews", reviews(1, SEED_OF_SAMPLE)); // reading has begun when it is done
            run.awaitSettled(1);
            simulator.resetStats();
            long began = ticker.nanos();
            double due = 0;
            int written = 0;
            while (written < events) {
                List<String> now = new ArrayList<>();
                double elapsed = (ticker.nanos() - began) / 1e9;
                while (written + now.size() < events && due <= elapsed) {
                    now.add(values.get(written + now.size()));
                    due -= Math.log(1 - random.nextDouble()) / PER_SECOND;
                }
                run.write("reviews", now);
                written += now.size();
                ticker.sleep(Duration.ofMillis(2));
            }
            run.awaitSettled(events + 1);
            assertThat(run.status().outcomes()).containsEntry("routed", events + 1L);
            run.stop();
            return run.meters()
                    .value(Metric.CACHE_REQUESTS, run.status().pipeline(), "mood", "hit");
        }
    }

    /** Reviews; where there is a cache, three of ten say what one before them said. */
    private static List<String> events(Example example, int count, long seed) {
        List<String> values = reviews(count, seed);
        if (!example.text().contains(CACHED)) {
            return values;
        }
        SplittableRandom random = new SplittableRandom(seed + 1);
        for (int i = 1; i < count; i++) {
            if (random.nextInt(10) < REPEATS_IN_TEN) {
                String before = values.get(random.nextInt(i));
                values.set(i, before.replaceFirst("r-[0-9]+", "r-" + i));
            }
        }
        return values;
    }

    private static String text(String name, String analyses) {
        return """
        pipeline: %1$s
        source: { topic: %1$s.reviews, group: %1$s, start: earliest }
        %2$s
        routes:
          - to: %1$s.out
        failures:
          deadLetter: %1$s.dlq
        models:
          small: { provider: anthropic, model: claude-haiku-5-5, effort: low, maxOutputTokens: 8000 }
          thoughtful: { provider: anthropic, model: claude-haiku-5-5, effort: medium }
          strong: { provider: anthropic, model: claude-sonnet-5-5, effort: medium }
        """
                .formatted(name, analyses);
    }

    /** Reviews, each with a number of its own, so that none is the same as another. */
    private static List<String> reviews(int count, long seed) {
        String[] openings = {
            "Hàng đẹp",
            "Sản phẩm rất tốt",
            "Hang loi",
            "Giao hàng chậm quá",
            "Bình thường",
            "Đóng gói cẩn thận",
            "Khong nhu hinh",
            "The box was broken",
            "Works as described",
            "Chất lượng tạm được",
            "Shop tư vấn nhiệt tình",
            "Giá hơi cao"
        };
        String[] middles = {
            ", vải mềm và mặc rất mát",
            ", goi bao hanh khong ai nghe",
            "",
            ", màu không giống ảnh nhưng vẫn dùng được",
            ", dùng được hai ngày thì hỏng",
            ", shipper thân thiện",
            ", I had hoped for more at this price"
        };
        String[] endings = {
            ", sẽ mua lại",
            ", se mua lai lan sau",
            ", đổi tiền lại ngay",
            ".",
            ", cho 3 sao",
            "",
            ", không biết nói gì hơn"
        };
        SplittableRandom random = new SplittableRandom(seed);
        List<String> reviews = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reviews.add(
                    String.format(
                            Locale.ROOT,
                            "{\"id\":\"r-%d\",\"rating\":%d,\"text\":\"%s%s%s (đơn %d)\"}",
                            i,
                            1 + random.nextInt(5),
                            openings[random.nextInt(openings.length)],
                            middles[random.nextInt(middles.length)],
                            endings[random.nextInt(endings.length)],
                            seed * 1_000_000 + i));
        }
        return reviews;
    }
}
