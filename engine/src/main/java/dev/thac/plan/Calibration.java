package dev.thac.plan;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;
import dev.thac.event.Verdict;
import dev.thac.meter.Meters;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.model.ModelRequest;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.OpenEvent;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Ticker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * What the models themselves report for a sample of events: tokens as they count them, how long
 * they take, and how sure they are. Some events are asked about alone and the others in batches as
 * declared, so that what a call takes can be told from what an event takes.
 *
 * @param events events that were judged
 * @param tiers what each tier reported
 */
public record Calibration(long events, Map<String, Measured> tiers) {

    private static final int ALONE_SHARE = 5;
    private static final int AT_ONCE = 400;

    /**
     * What one tier reported.
     *
     * @param seen events that reached it
     * @param passedOn of these, those that went on
     * @param calls its calls
     */
    public record Measured(long seen, long passedOn, List<Call> calls) {
        /** Copies the calls. */
        public Measured {
            calls = List.copyOf(calls);
        }
    }

    /**
     * One call.
     *
     * @param items events in it
     * @param counted input tokens of these as this program counts them
     * @param countedWhole input tokens of the whole call as this program counts them
     * @param input input tokens as reported
     * @param output output tokens that are not thinking
     * @param thinking thinking tokens
     * @param seconds how long it took
     */
    public record Call(
            int items,
            int counted,
            int countedWhole,
            long input,
            long output,
            long thinking,
            double seconds) {}

    /** Copies the map. */
    public Calibration {
        tiers = Map.copyOf(tiers);
    }

    /**
     * Asks the models about a sample; this costs what it costs.
     *
     * @param flow the pipeline
     * @param events the sample
     * @param models the models by their names in the file
     * @param tokenizer counts
     * @return what they report
     * @throws InterruptedException when the calling thread is interrupted
     * @throws ExecutionException when an event has no outcome
     */
    public static Calibration of(
            FlowSpec flow,
            List<Delivery> events,
            Function<String, Model> models,
            Tokenizer tokenizer)
            throws InterruptedException, ExecutionException {
        Reports reports = new Reports(tokenizer);
        Map<String, String> names = Trial.models(flow);
        Function<String, Model> measured =
                key -> new Reporting(key, models.apply(names.getOrDefault(key, key)), reports);
        int alone = events.size() / ALONE_SHARE;
        judge(Trial.alone(flow), events.subList(0, alone), measured, reports);
        judge(Trial.gathering(flow), events.subList(alone, events.size()), measured, reports);
        return reports.calibration(events.size(), names.keySet());
    }

    private static void judge(
            FlowSpec flow, List<Delivery> events, Function<String, Model> models, Reports reports)
            throws InterruptedException, ExecutionException {
        try (Pipeline pipeline = Pipeline.of(flow, models, new Meters(), Ticker.system())) {
            for (int from = 0; from < events.size(); from += AT_ONCE) {
                some(
                        pipeline,
                        events.subList(from, Math.min(events.size(), from + AT_ONCE)),
                        reports);
            }
        }
    }

    private static void some(Pipeline pipeline, List<Delivery> events, Reports reports)
            throws InterruptedException, ExecutionException {
        List<Future<Outcome>> settling = new ArrayList<>();
        try (TaskScope scope = TaskScope.open("calibration")) {
            for (Delivery event : events) {
                switch (pipeline.decide(event)) {
                    case Pipeline.Decision.Settled(Outcome _) -> {
                        // no model was asked: it says nothing about them
                    }
                    case Pipeline.Decision.Open(OpenEvent open) ->
                            settling.add(scope.fork(() -> pipeline.settle(open)));
                }
            }
            scope.join();
        }
        for (Future<Outcome> outcome : settling) {
            reports.add(outcome.get());
        }
    }

    /** A model that notes what it was asked and what it reports. */
    private record Reporting(String name, Model model, Reports reports) implements Model {

        @Override
        public String id() {
            return model.id();
        }

        @Override
        public int maxOutputTokens() {
            return model.maxOutputTokens();
        }

        @Override
        public Paid ask(ModelRequest request) throws ModelException, InterruptedException {
            long started = System.nanoTime();
            Paid paid = model.ask(request);
            reports.call(name, request, paid, (System.nanoTime() - started) / 1e9);
            return paid;
        }
    }

    /** Gathers; shared by the threads of a calibration, guarded by itself. */
    private static final class Reports {
        private final Tokenizer tokenizer;
        private final Map<String, List<Call>> calls = new HashMap<>();
        private final Map<String, Integer> seen = new HashMap<>();
        private final Map<String, Integer> passedOn = new HashMap<>();

        Reports(Tokenizer tokenizer) {
            this.tokenizer = tokenizer;
        }

        synchronized void call(String tier, ModelRequest request, Model.Paid paid, double seconds) {
            int items = tokenizer.items(request);
            calls.computeIfAbsent(tier, _ -> new ArrayList<>())
                    .add(
                            new Call(
                                    request.items(),
                                    items,
                                    tokenizer.perCall(request) + items,
                                    paid.reply().usage().input()
                                            + paid.reply().usage().cacheRead()
                                            + paid.reply().usage().cacheWrite(),
                                    paid.reply().usage().output(),
                                    paid.reply().usage().thinking(),
                                    seconds));
        }

        synchronized void add(Outcome outcome) {
            for (Verdict verdict : outcome.trail().verdicts()) {
                if (TierKey.named(verdict.tier())) {
                    TierKey last = TierKey.of(verdict.tier());
                    for (int tier = 0; tier <= last.tier(); tier++) {
                        String name = new TierKey(last.analysis(), tier).name();
                        seen.merge(name, 1, Integer::sum);
                        passedOn.merge(name, tier < last.tier() ? 1 : 0, Integer::sum);
                    }
                }
            }
        }

        synchronized Calibration calibration(long events, Iterable<String> names) {
            Map<String, Measured> tiers = new HashMap<>();
            for (String name : names) {
                tiers.put(
                        name,
                        new Measured(
                                seen.getOrDefault(name, 0),
                                passedOn.getOrDefault(name, 0),
                                calls.getOrDefault(name, List.of())));
            }
            return new Calibration(events, tiers);
        }
    }
}
