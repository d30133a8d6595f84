package dev.thac.pipeline;

import dev.thac.cascade.Analysis;
import dev.thac.cascade.Answers;
import dev.thac.cascade.Surroundings;
import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.enrich.Enricher;
import dev.thac.enrich.LookupSources;
import dev.thac.event.CacheFill;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.event.ThacException;
import dev.thac.event.Trail;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.filter.EventFilter;
import dev.thac.filter.PatternException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Model;
import dev.thac.recover.DeadLetters;
import dev.thac.recover.RetryRecords;
import dev.thac.recover.RetrySpec;
import dev.thac.recover.RetryTopics;
import dev.thac.redact.Redactor;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.RetryPolicy;
import dev.thac.resilience.Ticker;
import dev.thac.route.Router;
import dev.thac.spec.Tree;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Turns records into outcomes, and writes nothing: one list of stages, from bytes to output
 * records. {@link #decide} runs it inline up to the first stage that would have to wait; {@link
 * #settle} runs the rest on a thread that may. Every event gets exactly one outcome, whatever is
 * wrong with it; what is thrown is wrong with us or our environment. Thread-safe.
 */
public final class Pipeline implements AutoCloseable {

    private final List<Stage> stages;
    private final List<Analysis> analyses;
    private final Decoder decoder;
    private final @Nullable Formula id;
    private final DeadLetters deadLetters;
    private final Answers answers;
    private final RetryTopics retryTopics;
    private final RetryRecords retryRecords;
    private final Ticker ticker;
    private final AtomicInteger flushes = new AtomicInteger();

    /** How far an event came without waiting. */
    public sealed interface Decision {
        /**
         * All the way.
         *
         * @param outcome its outcome
         */
        record Settled(Outcome outcome) implements Decision {}

        /**
         * To a stage that has to wait.
         *
         * @param event to be given to {@link #settle}
         */
        record Open(OpenEvent event) implements Decision {}
    }

    private Pipeline(FlowSpec spec, Surroundings around, LookupSources lookups)
            throws ExpressionException, PatternException {
        this.ticker = around.ticker();
        this.answers = around.answers();
        this.decoder = Decoders.of(spec.format());
        this.id = spec.id().isPresent() ? Expressions.formula(spec.id().get().text()) : null;
        String deadLetterTopic = spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq");
        this.deadLetters = new DeadLetters(spec.pipeline(), deadLetterTopic);
        this.retryTopics = RetryTopics.of(spec.pipeline(), spec.failures().retry().later());
        this.retryRecords = new RetryRecords(spec.pipeline());
        Redactor redactor = redactor(spec);
        this.analyses =
                spec.analyses().entrySet().stream()
                        .map(each -> Analysis.of(each.getKey(), each.getValue(), redactor, around))
                        .toList();
        this.stages =
                stages(
                        spec,
                        Enricher.of(
                                spec.pipeline(),
                                spec.enrich(),
                                lookups,
                                around.meters(),
                                around.ticker()));
        spec.sample()
                .ifPresent(
                        sample ->
                                around.meters()
                                        .gauge(
                                                Metric.SAMPLE_RATIO,
                                                () -> sample.share().ratio(),
                                                spec.pipeline()));
    }

    /**
     * Compiles a pipeline. Nothing is connected to.
     *
     * @param spec its declaration
     * @param models looks up a model by its name in the file; throws where there is none
     * @param meters where decisions are counted
     * @param ticker time
     * @return the pipeline
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static Pipeline of(
            FlowSpec spec, Function<String, Model> models, Meters meters, Ticker ticker) {
        return of(spec, models, Answers.NONE, meters, ticker);
    }

    /**
     * Compiles a pipeline that remembers what it paid for. Nothing is connected to.
     *
     * @param spec its declaration
     * @param models looks up a model by its name in the file; throws where there is none
     * @param answers remembers the models' answers
     * @param meters where decisions are counted
     * @param ticker time
     * @return the pipeline
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static Pipeline of(
            FlowSpec spec,
            Function<String, Model> models,
            Answers answers,
            Meters meters,
            Ticker ticker) {
        return of(spec, around(spec, models, answers, meters, ticker));
    }

    /**
     * What the analyses of a pipeline need from around them, to be changed before {@link
     * #of(FlowSpec, Surroundings)}.
     *
     * @param spec the pipeline's declaration
     * @param models looks up a model by its name in the file; throws where there is none
     * @param answers remembers the models' answers
     * @param meters where decisions are counted
     * @param ticker time
     * @return the surroundings
     */
    public static Surroundings around(
            FlowSpec spec,
            Function<String, Model> models,
            Answers answers,
            Meters meters,
            Ticker ticker) {
        RetryPolicy retry = retry(spec.failures().retry());
        return new Surroundings(spec.pipeline(), models, retry, answers, meters, ticker);
    }

    /**
     * Compiles a pipeline. Nothing is connected to.
     *
     * @param spec its declaration
     * @param around what its analyses need from around them, as {@link #around} gives it or changed
     * @return the pipeline
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static Pipeline of(FlowSpec spec, Surroundings around) {
        return of(spec, around, LookupSources.NONE);
    }

    /**
     * Compiles a pipeline that looks things up. Nothing is connected to.
     *
     * @param spec its declaration
     * @param around what its analyses need from around them, as {@link #around} gives it or changed
     * @param lookups where its lookups are asked; they stay the caller's
     * @return the pipeline
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static Pipeline of(FlowSpec spec, Surroundings around, LookupSources lookups) {
        try {
            return new Pipeline(spec, around, lookups);
        } catch (ExpressionException | PatternException e) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "pipeline " + spec.pipeline() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Brings an event as far as it comes without waiting; never blocks.
     *
     * @param delivery the record
     * @return its outcome, or the event to be settled
     */
    public Decision decide(Delivery delivery) {
        OpenEvent open = open(delivery);
        while (true) {
            switch (stages.get(open.stage()).decide(open)) {
                case NEXT -> open.nextStage();
                case WAITS -> {
                    return new Decision.Open(open);
                }
                case ENDED -> {
                    return new Decision.Settled(outcome(open));
                }
            }
        }
    }

    /**
     * Brings an event from where {@link #decide} left it to its outcome, on the calling thread,
     * which should be a virtual one: it waits for models.
     *
     * @param open the event; given here once
     * @return its outcome
     * @throws InterruptedException when the calling thread is interrupted; the event has no outcome
     *     then
     */
    public Outcome settle(OpenEvent open) throws InterruptedException {
        while (stages.get(open.stage()).settle(open) != Stage.Progress.ENDED) {
            open.nextStage();
        }
        return outcome(open);
    }

    /**
     * Decides, settles where that is needed, and learns from the outcome.
     *
     * @param delivery the record
     * @return its outcome
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Outcome process(Delivery delivery) throws InterruptedException {
        Outcome outcome =
                switch (decide(delivery)) {
                    case Decision.Settled(Outcome decided) -> decided;
                    case Decision.Open(OpenEvent open) -> settle(open);
                };
        apply(outcome);
        return outcome;
    }

    /**
     * Learns from an outcome: its answers are kept for the same input of events to come. Whoever
     * runs {@link #decide} and {@link #settle} calls this when it takes the outcome in; an outcome
     * that nobody takes in teaches nothing. Never blocks.
     *
     * @param outcome an outcome of this pipeline
     */
    public void apply(Outcome outcome) {
        for (CacheFill fill : outcome.trail().fills()) {
            for (Analysis analysis : analyses) {
                if (analysis.name().equals(fill.verdict().analysis())) {
                    analysis.keep(fill);
                }
            }
        }
    }

    /**
     * The outcome of an event whose output the broker refuses for good.
     *
     * @param delivery the event
     * @param outcome the outcome that could not be written
     * @param failure why
     * @return a dead letter that keeps the trail
     */
    public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
        return deadLetter(delivery, failure, outcome.trail(), firstFailure(delivery));
    }

    /**
     * The outcome of an event that is to make way for those behind it, while it is still being
     * judged. What its present attempt has spent is not known yet and stands in no header.
     *
     * @param delivery the event
     * @return its way to the next retry topic; empty where there is none: then it is to be waited
     *     for
     */
    public Optional<Outcome> diverted(Delivery delivery) {
        Failure failure =
                new Failure(
                        ErrorCode.HEAD_OF_LINE,
                        "lane",
                        "held up its partition while nearly all events behind it were done");
        return later(delivery, failure, Trail.after(delivery.earlier()), firstFailure(delivery));
    }

    /**
     * Hurries the events decided so far, because their outcomes are wanted soon (a drain): batches
     * that wait for more events go at once, and these events' later calls wait for no others.
     * Events decided afterwards are gathered as ever.
     */
    public void flush() {
        flushes.incrementAndGet();
        analyses.forEach(Analysis::flush);
    }

    /**
     * What the models are given of an event: as in their requests, without personal data.
     *
     * @param delivery the record
     * @return by the name of each analysis that would ask a model about it; empty where the event
     *     does not come so far
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Map<String, String> inputs(Delivery delivery) throws InterruptedException {
        OpenEvent open = open(delivery);
        while (!(stages.get(open.stage()) instanceof AnalysesStage)) {
            if (open.stage() == stages.size() - 1
                    || stages.get(open.stage()).settle(open) == Stage.Progress.ENDED) {
                return Map.of();
            }
            open.nextStage();
        }
        return inputs(open.event());
    }

    /**
     * What the models are given of an event that was derived and looked up before, such as one read
     * back from an output; its history is placed beside it anew.
     *
     * @param known the event
     * @return as {@link #inputs(Delivery)}
     */
    public Map<String, String> inputsOf(Event known) {
        OpenEvent open = open(known.delivery());
        open.is(known);
        for (Stage stage : stages) {
            if (stage instanceof ContextStage && stage.decide(open) == Stage.Progress.ENDED) {
                return Map.of();
            }
        }
        return inputs(open.event());
    }

    private Map<String, String> inputs(Event event) {
        Map<String, String> inputs = new LinkedHashMap<>();
        for (Analysis analysis : analyses) {
            if (analysis.asksModels() && analysis.appliesTo(event)) {
                inputs.put(analysis.name(), analysis.input(event));
            }
        }
        return inputs;
    }

    /**
     * What the file's {@code id} expression names an event.
     *
     * @param delivery the record
     * @return the name; its coordinates where there is no expression, or it gives nothing
     */
    public String name(Delivery delivery) {
        Formula formula = id;
        if (formula != null
                && decoder.decode(delivery) instanceof Decoder.Result.Decoded(Event event)) {
            try {
                Object name = formula.apply(event);
                return name == null ? delivery.id().toString() : name.toString();
            } catch (EvaluationException _) {
                // an event without a name of its own is known by its coordinates
                return delivery.id().toString();
            }
        }
        return delivery.id().toString();
    }

    /** Hurries what is still waiting. */
    @Override
    public void close() {
        flush();
    }

    /** An event at the first stage. */
    OpenEvent open(Delivery delivery) {
        return new OpenEvent(delivery, flushes.get());
    }

    private static Redactor redactor(FlowSpec spec) throws ExpressionException {
        try {
            return Redactor.of(spec.redact());
        } catch (IllegalArgumentException e) {
            throw new ThacException(ErrorCode.BAD_SPEC, "redact.custom: " + e.getMessage(), e);
        }
    }

    private List<Stage> stages(FlowSpec spec, List<Enricher> lookups)
            throws ExpressionException, PatternException {
        List<Stage> all = new ArrayList<>();
        all.add(new DecodeStage(decoder, spec.maxEvent().bytes()));
        if (!spec.filter().isEmpty()) {
            all.add(new FilterStage(EventFilter.compile(patterns(spec.filter()))));
        }
        if (!spec.derive().isEmpty()) {
            all.add(new DeriveStage(spec.derive()));
        }
        if (spec.sample().isPresent()) {
            all.add(new SampleStage(spec.pipeline(), spec.sample().get()));
        }
        if (spec.context().isPresent()) {
            all.add(new ContextStage(spec.context().get()));
        }
        if (!lookups.isEmpty()) {
            all.add(new LookupStage(lookups));
        }
        if (!analyses.isEmpty()) {
            all.add(new AnalysesStage(analyses, open -> open.flushes() != flushes.get()));
        }
        all.add(new RouteStage(new Router(spec.pipeline(), spec.routes())));
        return List.copyOf(all);
    }

    private Outcome outcome(OpenEvent open) {
        answers.settled(open.delivery());
        Failure failure = open.failure();
        if (failure == null) {
            return Optional.ofNullable(open.outcome()).orElseThrow();
        }
        Delivery delivery = open.delivery();
        Instant first =
                delivery.earlier().firstFailure().or(open::firstFailure).orElseGet(ticker::now);
        Optional<Outcome> later =
                failure.code().retryable()
                        ? later(delivery, failure, open.trail(), first)
                        : Optional.empty();
        return later.orElseGet(() -> deadLetter(delivery, failure, open.trail(), first));
    }

    private Instant firstFailure(Delivery delivery) {
        return delivery.earlier().firstFailure().orElseGet(ticker::now);
    }

    private Optional<Outcome> later(
            Delivery delivery, Failure failure, Trail trail, Instant firstFailure) {
        return retryTopics
                .after(delivery.earlier().retries())
                .map(
                        topic ->
                                new Outcome.RetryLater(
                                        failure,
                                        retryRecords.record(
                                                topic, delivery, failure, trail, firstFailure),
                                        topic.delay(),
                                        trail));
    }

    private Outcome deadLetter(
            Delivery delivery, Failure failure, Trail trail, Instant firstFailure) {
        SinkRecord record = deadLetters.record(delivery, failure, trail, firstFailure);
        return new Outcome.DeadLettered(failure, record, trail);
    }

    static List<Object> patterns(List<Tree> filter) {
        List<Object> patterns = new ArrayList<>(filter.size());
        for (Tree tree : filter) {
            Object pattern = tree.value();
            patterns.add(pattern == null ? List.of() : pattern);
        }
        return patterns;
    }

    private static RetryPolicy retry(RetrySpec spec) {
        Duration first = spec.backoff().isPositive() ? spec.backoff() : Duration.ofNanos(1);
        Duration max = spec.maxBackoff().compareTo(first) < 0 ? first : spec.maxBackoff();
        return new RetryPolicy(spec.attempts(), new Backoff(first, max, 0, () -> 0));
    }
}
