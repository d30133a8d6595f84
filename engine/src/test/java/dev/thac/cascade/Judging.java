package dev.thac.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.JsonText;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.TokenUsage;
import dev.thac.event.Verdict;
import dev.thac.meter.Meters;
import dev.thac.model.ScriptedModel;
import dev.thac.redact.Redactor;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.ManualTicker;
import dev.thac.resilience.RetryPolicy;
import dev.thac.runtime.PipelineFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One analysis with scripted models, and events to judge with it. */
final class Judging {

    static final String SMALL = "{ model: small, accept: { confidence: 0.7 } }";
    static final String SMALL_BATCHED =
            "{ model: small, accept: { confidence: 0.7 }, batch: { size: 4, wait: 1h } }";
    static final String STRONG = "{ model: strong }";

    final Meters meters = new Meters();
    final ManualTicker ticker = ManualTicker.jumping();
    final Map<String, ScriptedModel> models = new HashMap<>();
    Answers answers = Answers.NONE;
    private final Path folder;

    Judging(Path folder) {
        this.folder = folder;
    }

    void model(String name, ScriptedModel.Script script) {
        models.put(name, ScriptedModel.of(name, script));
    }

    Analysis analysis(String... tiers) throws IOException {
        return analysisWith("", tiers);
    }

    Analysis analysisWith(String more, String... tiers) throws IOException {
        return compiled(spec(more, tiers));
    }

    /** What no file may declare: rules that need not hold, and nothing after them. */
    Analysis firstTierOf(String... tiers) throws IOException {
        AnalysisSpec all = spec("", tiers);
        return compiled(
                new AnalysisSpec(
                        all.task(),
                        all.input(),
                        all.truncate(),
                        all.output(),
                        all.schema(),
                        all.when(),
                        all.optional(),
                        all.examples(),
                        all.tiers().subList(0, 1),
                        all.target(),
                        all.cache(),
                        all.audit()));
    }

    private AnalysisSpec spec(String more, String... tiers) throws IOException {
        String yaml =
                """
                pipeline: p
                source: { topic: in, group: g, start: earliest }
                analyses:
                  review:
                    task: Judge moods.
                    input: "{{ value.text }}"
                    output:
                      mood: { enum: [good, bad] }
                      note: { type: string, maxLength: 20 }
                    %s
                    tiers: [ %s ]
                routes: [ { to: out } ]
                models:
                  small: { provider: anthropic, model: small-model-1 }
                  strong: { provider: anthropic, model: strong-model-1 }
                """
                        .formatted(more, String.join(", ", tiers));
        Path file = Files.writeString(folder.resolve("pipeline.yaml"), yaml);
        AnalysisSpec spec = PipelineFiles.load(file).flow().analyses().get("review");
        return Objects.requireNonNull(spec);
    }

    private Analysis compiled(AnalysisSpec spec) {
        for (String name : List.of("small", "strong")) {
            models.computeIfAbsent(
                    name, missing -> ScriptedModel.answering(missing, Judging::note));
        }
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0, () -> 0);
        return Analysis.of(
                "review",
                spec,
                Redactor.NONE,
                new Surroundings(
                        "p", models::get, new RetryPolicy(3, backoff), answers, meters, ticker));
    }

    static Verdict settle(Analysis analysis, String text) throws InterruptedException {
        return analysis.begin(event(text)).settle(() -> false, () -> false);
    }

    /** Settles events side by side; what waits for more is flushed when all have come. */
    static List<Verdict> settleAll(Analysis analysis, String... texts) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> futures = new ArrayList<>();
            for (String text : texts) {
                futures.add(executor.submit(() -> settle(analysis, text)));
            }
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(
                            () -> {
                                boolean done = futures.stream().allMatch(Future::isDone);
                                if (!done && texts.length != 4) {
                                    analysis.flush();
                                }
                                return done;
                            });
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> future : futures) {
                verdicts.add(future.get());
            }
            return verdicts;
        }
    }

    /** What the events were charged is what the models billed, to the nano-dollar and token. */
    void assertSumsAreExact(List<Verdict> verdicts) {
        Money cost = Money.ZERO;
        TokenUsage usage = TokenUsage.NONE;
        for (Verdict verdict : verdicts) {
            cost = cost.plus(verdict.cost());
            usage = usage.plus(verdict.usage());
        }
        Money billed = Money.ZERO;
        TokenUsage used = TokenUsage.NONE;
        for (ScriptedModel model : models.values()) {
            billed = billed.plus(model.cost());
            used = used.plus(model.usage());
        }
        assertThat(cost).isEqualTo(billed);
        assertThat(usage).isEqualTo(used);
    }

    static Event event(String text) {
        Delivery delivery = new Delivery(new RecordId("in", 0, 0), 0, null, new byte[0], List.of());
        return new Event(delivery, Map.of("text", text));
    }

    static Map<String, Object> fields(Verdict verdict) {
        return ((Verdict.Result.Answered) verdict.result()).fields();
    }

    static Failure failure(Verdict verdict) {
        return ((Verdict.Result.Unanswered) verdict.result()).failure();
    }

    static Map<String, ?> sure(double confidence) {
        return noted("fine", confidence);
    }

    static Map<String, ?> note(String note) {
        return Map.of("mood", "good", "note", note);
    }

    static Map<String, ?> noted(String note, double confidence) {
        return Map.of("mood", "good", "note", note, "confidence", confidence);
    }

    static String items(List<?> items) {
        return JsonText.text(Map.of("items", items));
    }
}
