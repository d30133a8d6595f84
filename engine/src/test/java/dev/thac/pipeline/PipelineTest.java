package dev.thac.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.event.Verdict;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.model.ModelReply;
import dev.thac.model.ScriptedModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

class PipelineTest {

    private static final String OUTPUT =
            "{ mood: { enum: [good, bad] }, note: { type: string, maxLength: 20 } }";
    private static final String REVIEW =
            """
            analyses:
              review:
                task: Judge moods.
                input: "{{ value.text }}"
                output: %s
                tiers:
                  - rules: [ { when: value.text == 'free', then: { mood: good, note: rule } } ]
                  - { model: strong }
            routes: [ { to: out } ]
            """
                    .formatted(OUTPUT);
    private static final String TWO =
            """
            analyses:
              mood: { task: T, input: "{{ value.text }}", output: %s, tiers: [ { model: small } ] }
              intent:
                task: T
                input: "{{ value.text }}"
                output: { mood: { enum: [good, bad] }, note: { type: string } }
                optional: %s
                tiers: [ { model: strong } ]
            routes: [ { to: out } ]
            """;

    @TempDir private Path folder;
    private Flow flow;

    @BeforeEach
    void begin() {
        flow = new Flow(folder);
    }

    @Test
    void aPipelineWithoutAnalysesFiltersDerivesAndRoutes() throws Exception {
        Pipeline pipeline =
                flow.pipeline(
                        """
                        filter: [ { value: { amount: [ { numeric: [ ">", 10 ] } ] } } ]
                        derive: { double: value.amount * 2, quad: value.double * 2 }
                        routes:
                          - { to: big, when: value.quad > 100 }
                          - { to: small, otherwise: true }
                        """);

        assertThat(settled(pipeline, flow.record("{\"amount\": 5}")))
                .isInstanceOf(Outcome.FilteredOut.class);
        assertThat(records(settled(pipeline, flow.record("{\"amount\": 20}"))).getFirst().topic())
                .isEqualTo("small");
        SinkRecord big = records(settled(pipeline, flow.record("{\"amount\": 30}"))).getFirst();
        assertThat(big.topic()).isEqualTo("big");
        assertThat(Flow.value(big)).contains("\"double\":60").contains("\"quad\":120");
    }

    @Test
    void whatARuleSettlesIsDecidedAtOnce() throws Exception {
        Pipeline pipeline = flow.pipeline(REVIEW);

        Outcome outcome = settled(pipeline, flow.record("{\"text\": \"free\"}"));

        assertThat(Flow.value(records(outcome).getFirst()))
                .contains("\"analysis\":{\"review\":{\"mood\":\"good\",\"note\":\"rule\"}}");
        assertThat(outcome.trail().verdicts()).extracting(Verdict::tier).containsExactly("rules");
        assertThat(flow.models.get("strong").calls()).isEmpty();
    }

    @Test
    void whatNeedsAModelStaysOpenUntilItIsSettled() throws Exception {
        Pipeline pipeline = flow.pipeline(REVIEW);
        Delivery delivery = flow.record("{\"text\": \"dear\"}");

        OpenEvent open = ((Pipeline.Decision.Open) pipeline.decide(delivery)).event();
        assertThat(flow.models.get("strong").calls()).isEmpty();
        Outcome outcome = pipeline.settle(open);

        assertThat(open.delivery()).isSameAs(delivery);
        assertThat(Flow.value(records(outcome).getFirst())).contains("\"note\":\"dear\"");
        assertThat(outcome.trail().cost()).isEqualTo(flow.models.get("strong").cost());
    }

    @Test
    void anAnalysisWhoseConditionDoesNotHoldIsAbsent() throws Exception {
        Pipeline pipeline =
                flow.pipeline(REVIEW.replace("input:", "when: value.text != 'skip'\n    input:"));

        Outcome outcome = settled(pipeline, flow.record("{\"text\": \"skip\"}"));

        assertThat(records(outcome)).hasSize(1);
        assertThat(outcome.trail().verdicts()).isEmpty();
        assertThat(Flow.value(records(outcome).getFirst())).doesNotContain("review");
    }

    @Test
    void severalAnalysesOfOneEventRunAtTheSameTime() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        for (String name : List.of("small", "strong")) {
            flow.model(
                    name,
                    call -> {
                        meet(both);
                        return call.answer(_ -> Map.of("mood", "good", "note", name));
                    });
        }
        Pipeline pipeline = flow.pipeline(TWO.formatted(OUTPUT, "false"));

        Outcome outcome = pipeline.process(flow.record("{\"text\": \"x\"}"));

        assertThat(Flow.value(records(outcome).getFirst()))
                .containsPattern("\"mood\":\\{[^}]*\"note\":\"small\"")
                .containsPattern("\"intent\":\\{[^}]*\"note\":\"strong\"");
    }

    @Test
    void theFailureOfOneAnalysisKeepsTheVerdictOfTheOther() throws Exception {
        flow.model("strong", call -> call.stop(ModelReply.Stop.REFUSED));
        Pipeline pipeline = flow.pipeline(TWO.formatted(OUTPUT, "false"));

        Outcome outcome = pipeline.process(flow.record("{\"text\": \"x\"}"));

        assertThat(outcome).isInstanceOf(Outcome.DeadLettered.class);
        assertThat(((Outcome.DeadLettered) outcome).failure().code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(((Outcome.DeadLettered) outcome).failure().stage()).isEqualTo("analysis.intent");
        assertThat(outcome.trail().verdicts())
                .extracting(verdict -> verdict.result().getClass().getSimpleName())
                .containsExactly("Answered", "Unanswered");
        assertThat(outcome.trail().cost())
                .isEqualTo(flow.models.get("small").cost().plus(flow.models.get("strong").cost()));
        assertThat(outcome.trail().attempts()).isEqualTo(3);
    }

    @Test
    void anOptionalAnalysisLeavesItsErrorInItsPlace() throws Exception {
        flow.model("strong", call -> call.stop(ModelReply.Stop.REFUSED));
        Pipeline pipeline = flow.pipeline(TWO.formatted(OUTPUT, "true"));

        Outcome outcome = pipeline.process(flow.record("{\"text\": \"x\"}"));

        assertThat(Flow.value(records(outcome).getFirst()))
                .containsPattern("\"mood\":\\{[^}]*\"note\":\"x\"")
                .contains("\"intent\":{\"error\":{")
                .contains("refused");
    }

    @Test
    void aFlushHurriesTheEventsBeforeItAndNotThoseAfterIt() throws Exception {
        Pipeline pipeline =
                flow.pipeline(
                        REVIEW.replace(
                                "{ model: strong }",
                                "{ model: strong, batch: { size: 2, wait: 1h } }"));
        OpenEvent before = open(pipeline, "{\"text\": \"before\"}");
        pipeline.flush();
        List<OpenEvent> after =
                List.of(open(pipeline, "{\"text\": \"a\"}"), open(pipeline, "{\"text\": \"b\"}"));

        pipeline.settle(before);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Outcome> outcome :
                    after.stream()
                            .map(open -> executor.submit(() -> pipeline.settle(open)))
                            .toList()) {
                outcome.get();
            }
        }

        assertThat(flow.models.get("strong").calls())
                .extracting(call -> call.inputs().size())
                .containsExactly(1, 2);
    }

    @Test
    void anInterruptedEventHasNoOutcomeAndHarmsNoOther() throws Exception {
        Pipeline pipeline =
                flow.pipeline(
                        REVIEW.replace(
                                "{ model: strong }",
                                "{ model: strong, batch: { size: 2, wait: 1h } }"));
        OpenEvent dropped = open(pipeline, "{\"text\": \"dropped\"}");
        Thread thread =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        assertThatThrownBy(() -> pipeline.settle(dropped))
                                                .isInstanceOf(InterruptedException.class));
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        thread.join();

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> one =
                    executor.submit(() -> pipeline.process(flow.record("{\"text\": \"1\"}")));
            Future<Outcome> two =
                    executor.submit(() -> pipeline.process(flow.record("{\"text\": \"2\"}")));

            assertThat(records(one.get())).hasSize(1);
            assertThat(records(two.get())).hasSize(1);
        }
        assertThat(flow.models.get("strong").calls().getFirst().inputs())
                .containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void theIdExpressionNamesAnEvent() throws Exception {
        Pipeline pipeline = flow.pipeline(REVIEW);

        assertThat(pipeline.name(flow.record("{\"id\": \"r-1\"}"))).isEqualTo("r-1");
        assertThat(pipeline.name(flow.record("{}"))).isEqualTo("in-0@1");
        assertThat(pipeline.name(flow.record("{"))).isEqualTo("in-0@2");
    }

    @Test
    void settlingFromTheStartIsDecidingAndThenSettling() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 40; round++) {
            String yaml = randomPipeline(random);
            long seed = random.nextLong();
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                values.add(randomValue(random));
            }

            List<String> decided = new ArrayList<>();
            Flow first = scripted(seed);
            Pipeline pipeline = first.pipeline(yaml);
            for (String value : values) {
                decided.add(Flow.text(pipeline.process(first.record(value))));
            }
            Flow second = scripted(seed);
            Pipeline same = second.pipeline(yaml);
            for (int i = 0; i < values.size(); i++) {
                Outcome outcome = same.settle(same.open(second.record(values.get(i))));
                same.apply(outcome);

                assertThat(Flow.text(outcome)).as(yaml + values.get(i)).isEqualTo(decided.get(i));
            }
        }
    }

    private Flow scripted(long seed) {
        Flow scripted = new Flow(folder);
        for (String name : List.of("small", "strong", "other")) {
            Random random = new Random(seed);
            scripted.model(name, call -> dicedAnswer(call, random, name));
        }
        return scripted;
    }

    private static Model.Paid dicedAnswer(ScriptedModel.Call call, Random random, String name)
            throws ModelException {
        return switch (random.nextInt(6)) {
            case 0 -> call.stop(ModelReply.Stop.TRUNCATED);
            case 1 -> call.stop(ModelReply.Stop.REFUSED);
            case 2 -> throw call.error(ModelException.Kind.TOO_LARGE);
            case 3 -> call.text("{}");
            default ->
                    call.answer(
                            input ->
                                    name.equals("small")
                                            ? Map.of(
                                                    "mood",
                                                    "good",
                                                    "note",
                                                    input,
                                                    "confidence",
                                                    random.nextDouble())
                                            : Map.of("mood", "bad", "note", input));
        };
    }

    private static String randomPipeline(Random random) {
        StringBuilder yaml = new StringBuilder();
        if (random.nextBoolean()) {
            yaml.append("filter: [ { value: { text: [ { exists: true } ] } } ]\n");
        }
        if (random.nextBoolean()) {
            yaml.append("derive: { length: size(value.text) }\n");
        }
        if (random.nextInt(4) == 0) {
            yaml.append("sample: { share: 60%, by: value.text }\n");
        }
        yaml.append("analyses:\n");
        int analyses = 1 + random.nextInt(2);
        for (int i = 0; i < analyses; i++) {
            yaml.append(
                    """
                      a%d:
                        task: T
                        input: "{{ value.text }}"
                        output: %s
                        optional: %s
                        cache: { mode: %s }
                        tiers:
                    """
                            .formatted(
                                    i,
                                    OUTPUT,
                                    random.nextBoolean(),
                                    random.nextBoolean() ? "exact" : "off"));
            if (random.nextBoolean()) {
                yaml.append(
                        "      - rules: [ { when: value.text == 'free', then: { mood: good, note:"
                                + " r } } ]\n");
            }
            if (i == 0) {
                yaml.append("      - { model: small, accept: { confidence: 0.5 } }\n");
            }
            yaml.append("      - { model: ").append(i == 0 ? "strong" : "other").append(" }\n");
        }
        yaml.append("routes: [ { to: out }, { to: good, when: analysis.a0.mood == 'good' } ]\n");
        return yaml.toString();
    }

    private static String randomValue(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "{\"text\": \"free\"}";
            case 1 -> "{\"other\": 1}";
            case 2 -> "{\"text\"";
            case 3 -> "{\"text\": 7}";
            default -> "{\"text\": \"dear " + random.nextInt(9) + "\"}";
        };
    }

    private OpenEvent open(Pipeline pipeline, String value) {
        return ((Pipeline.Decision.Open) pipeline.decide(flow.record(value))).event();
    }

    private static Outcome settled(Pipeline pipeline, Delivery delivery) {
        return ((Pipeline.Decision.Settled) pipeline.decide(delivery)).outcome();
    }

    private static List<SinkRecord> records(Outcome outcome) {
        return ((Outcome.Routed) outcome).records();
    }

    private static void meet(CyclicBarrier barrier) throws InterruptedException {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.BrokenBarrierException
                | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("the other analysis did not run meanwhile", e);
        }
    }
}
