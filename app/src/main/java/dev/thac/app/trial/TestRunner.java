package dev.thac.app.trial;

import dev.thac.app.model.ModelSetup;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.UserError;
import dev.thac.cascade.Answers;
import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineSpec;
import dev.thac.spec.Tree;
import dev.thac.testkit.simulator.OnMiss;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.window.LocalContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the tests of a file: through the pipeline itself and real HTTP to a simulator in this
 * process. Used by one thread.
 */
public final class TestRunner {

    private final TestFile file;
    private final TestFileSpec spec;
    private final Loaded loaded;

    /**
     * What came of one test.
     *
     * @param name the test
     * @param differences from what it expects; empty when it passed
     * @param took how long it ran
     */
    public record Result(String name, List<String> differences, Duration took) {
        /**
         * Whether all was as expected.
         *
         * @return true without differences
         */
        public boolean passed() {
            return differences.isEmpty();
        }
    }

    /**
     * A runner of one file.
     *
     * @param file a file without problems
     */
    public TestRunner(TestFile file) {
        this.file = file;
        this.spec = file.spec().orElseThrow();
        this.loaded = file.pipeline().orElseThrow();
    }

    /**
     * Runs all tests in the order of the file.
     *
     * @return one result each
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Result> run() throws InterruptedException {
        FlowSpec flow = loaded.flow();
        try (Simulator simulator = Simulator.start(settings(flow))) {
            Meters meters = new Meters();
            Models models =
                    ModelSetup.simulating(flow.models(), Map.of(), _ -> true, simulator.baseUri())
                            .open(meters);
            try (Pipeline whole = pipeline(flow.withoutSample(), models, meters);
                    Pipeline sampling = pipeline(flow, models, meters);
                    Judge judge = new Judge(whole);
                    Judge sampler = new Judge(sampling)) {
                List<Result> results = new ArrayList<>();
                for (TestSpec test : spec.tests()) {
                    boolean sampled = test.expect().sampledOut().isPresent();
                    results.add(run(test, sampled ? sampler : judge));
                }
                return results;
            }
        }
    }

    /** Without answer caches: no test knows of another. */
    private Pipeline pipeline(FlowSpec flow, Models models, Meters meters) {
        FlowSpec alone = flow.withoutCaches();
        return Pipeline.of(
                alone,
                Pipeline.around(alone, models::get, Answers.NONE, meters, Ticker.system()),
                new GivenLookups(spec.lookups()));
    }

    private Result run(TestSpec test, Judge judge) throws InterruptedException {
        Instant start = Instant.now();
        LocalContext context = LocalContext.of(loaded.flow(), loaded.orThrow().source().time());
        List<Delivery> deliveries = deliveries(test, start).stream().map(context::place).toList();
        List<Outcome> outcomes = judge.judge(deliveries);
        List<String> differences = Expectation.differences(test.expect(), deliveries, outcomes);
        return new Result(test.name(), differences, Duration.between(start, Instant.now()));
    }

    private List<Delivery> deliveries(TestSpec test, Instant now) {
        PipelineSpec pipeline = loaded.orThrow();
        Deliveries made =
                new Deliveries(
                        pipeline.source()
                                .topic()
                                .orElseGet(() -> pipeline.source().topics().getFirst()));
        List<Delivery> all = new ArrayList<>();
        test.event()
                .ifPresent(
                        event ->
                                all.add(
                                        made.next(
                                                now.toEpochMilli(), null, json(event), List.of())));
        for (Tree event : test.events()) {
            all.add(made.next(now.toEpochMilli(), null, json(event), List.of()));
        }
        test.record().ifPresent(record -> all.add(delivery(made, record, now)));
        return all;
    }

    private static Delivery delivery(Deliveries made, RecordSpec record, Instant now) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach((name, value) -> headers.add(Header.text(name, value)));
        return made.next(
                record.timeOr(now).toEpochMilli(),
                record.key().orElse(null),
                record.value().map(TestRunner::json).or(record::text).orElse(null),
                headers);
    }

    private SimulatorSettings settings(FlowSpec flow) {
        if (spec.answers().isEmpty() && spec.answersFile().isEmpty()) {
            return SimulatorSettings.DEFAULT;
        }
        Map<String, String> ids = new LinkedHashMap<>();
        flow.models().forEach((name, model) -> ids.put(name, model.model()));
        return SimulatorSettings.DEFAULT
                .withAnswers(answers())
                .withModelIds(ids)
                .withOnMiss(OnMiss.ERROR);
    }

    /** One file of the answers in the test file and those of its answers file. */
    private Path answers() {
        List<String> lines = new ArrayList<>();
        try {
            if (spec.answersFile().isPresent()) {
                lines.addAll(
                        Files.readAllLines(file.path().resolveSibling(spec.answersFile().get())));
            }
            for (RecordedAnswerSpec answer : spec.answers()) {
                lines.add(line(answer));
            }
            Path all = Files.createTempFile("thac-answers-", ".jsonl");
            all.toFile().deleteOnExit();
            return Files.write(all, lines);
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.FAILED, "cannot read the answers of " + file.path() + ": " + e, "", e);
        }
    }

    private static String line(RecordedAnswerSpec answer) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        answer.answer().forEach((name, value) -> fields.put(name, value.value()));
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("input", answer.input());
        answer.model().ifPresent(model -> line.put("model", model));
        line.put("answer", fields);
        answer.confidence().ifPresent(confidence -> line.put("confidence", confidence));
        return Json.line(line);
    }

    private static String json(Tree tree) {
        return Json.line(tree.value());
    }
}
