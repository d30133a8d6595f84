package dev.thac.plan;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;
import dev.thac.event.TokenUsage;
import dev.thac.event.Verdict;
import dev.thac.meter.Meters;
import dev.thac.model.Model;
import dev.thac.model.ModelReply;
import dev.thac.model.ModelRequest;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a sample of events says without asking a model: they go through the pipeline as it runs,
 * decoder, filter, rules and prompts included, and every model refuses, so that each event is seen
 * at each tier it could reach.
 *
 * @param events events in the sample
 * @param undecodable of these, those that cannot be decoded, or fail before they are judged
 * @param filtered of these, those that no pattern matches
 * @param analyses by analysis
 */
public record Survey(long events, long undecodable, long filtered, Map<String, Answered> analyses) {

    /**
     * What the sample says of one analysis.
     *
     * @param asked events it was asked about
     * @param byRules of these, those that rules decide
     * @param reaching events that reach its first model
     * @param distinct different inputs among these
     * @param distinctNormalised the same, but for case, white space and encoding of accents
     * @param itemTokens mean input tokens of one event with its wrapper, by model tier
     */
    public record Answered(
            long asked,
            long byRules,
            long reaching,
            long distinct,
            long distinctNormalised,
            List<Double> itemTokens) {

        /** Copies the list. */
        public Answered {
            itemTokens = List.copyOf(itemTokens);
        }

        /**
         * Events whose input was there before, character for character.
         *
         * @return their share of those that reach a model
         */
        public double repeated() {
            return reaching == 0 ? 0 : 1 - (double) distinct / reaching;
        }

        /**
         * Events whose input was there before, but for case, white space and encoding of accents.
         *
         * @return their share of those that reach a model
         */
        public double repeatedNormalised() {
            return reaching == 0 ? 0 : 1 - (double) distinctNormalised / reaching;
        }
    }

    /** Copies the map. */
    public Survey {
        analyses = Map.copyOf(analyses);
    }

    /**
     * Sends a sample through a pipeline.
     *
     * @param flow the pipeline
     * @param events the sample
     * @param tokenizer counts
     * @return what it says
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static Survey of(FlowSpec flow, Iterable<Delivery> events, Tokenizer tokenizer)
            throws InterruptedException {
        Counts counts = new Counts(tokenizer);
        Map<String, String> models = Trial.models(flow);
        Map<String, Model> refusing = new HashMap<>();
        models.forEach(
                (key, name) -> refusing.put(key, new Refusing(key, modelId(flow, name), counts)));
        try (Pipeline pipeline =
                Pipeline.of(
                        Trial.alone(flow),
                        name -> java.util.Objects.requireNonNull(refusing.get(name), name),
                        new Meters(),
                        Ticker.system())) {
            for (Delivery event : events) {
                counts.add(pipeline.process(event));
            }
        }
        return counts.survey(flow);
    }

    /** The share of decodable events that pass the filter. */
    double passed() {
        return events == 0 ? 1 : 1 - (double) (filtered + undecodable) / events;
    }

    private static String modelId(FlowSpec flow, String name) {
        return Optional.ofNullable(flow.models().get(name)).map(spec -> spec.model()).orElse(name);
    }

    /** A model that looks at the question and says no. */
    private record Refusing(String name, String id, Counts counts) implements Model {

        private static final ModelReply NO =
                new ModelReply(
                        "", ModelReply.Stop.REFUSED, TokenUsage.NONE, OptionalDouble.empty(), "");

        @Override
        public int maxOutputTokens() {
            return Integer.MAX_VALUE;
        }

        @Override
        public Paid ask(ModelRequest request) {
            counts.asked(TierKey.of(name), request);
            return new Paid(NO, Optional.empty());
        }
    }

    /** Counts while the sample goes through; used by one thread. */
    private static final class Counts {
        private final Tokenizer tokenizer;
        private final Map<String, Integer> asked = new HashMap<>();
        private final Map<String, Integer> byRules = new HashMap<>();
        private final Map<String, Set<String>> distinct = new HashMap<>();
        private final Map<String, Set<String>> normalised = new HashMap<>();
        private final Map<TierKey, Integer> requests = new HashMap<>();
        private final Map<TierKey, Long> tokens = new HashMap<>();
        private long events;
        private long undecodable;
        private long filtered;

        Counts(Tokenizer tokenizer) {
            this.tokenizer = tokenizer;
        }

        /** Side by side analyses ask from threads of their own. */
        synchronized void asked(TierKey key, ModelRequest request) {
            requests.merge(key, 1, Integer::sum);
            tokens.merge(key, (long) tokenizer.items(request), Long::sum);
            if (key.tier() == 0) {
                distinct.computeIfAbsent(key.analysis(), _ -> new HashSet<>())
                        .add(request.content());
                normalised
                        .computeIfAbsent(key.analysis(), _ -> new HashSet<>())
                        .add(normalised(request.content()));
            }
        }

        private static String normalised(String text) {
            return Normalizer.normalize(text, Normalizer.Form.NFC)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("(\\s|\\\\n|\\\\t)+", " ")
                    .replace("\" ", "\"")
                    .replace(" \"", "\"");
        }

        synchronized void add(Outcome outcome) {
            events++;
            List<Verdict> verdicts = outcome.trail().verdicts();
            switch (outcome) {
                case Outcome.FilteredOut _ -> filtered++;
                case Outcome.DeadLettered _, Outcome.RetryLater _ -> {
                    if (verdicts.isEmpty()) {
                        undecodable++;
                    }
                }
                case Outcome.Routed _, Outcome.SampledOut _ -> {}
            }
            for (Verdict verdict : verdicts) {
                asked.merge(verdict.analysis(), 1, Integer::sum);
                if (verdict.result() instanceof Verdict.Result.Answered
                        && !TierKey.named(verdict.tier())) {
                    byRules.merge(verdict.analysis(), 1, Integer::sum);
                }
            }
        }

        Survey survey(FlowSpec flow) {
            Map<String, Answered> analyses = new HashMap<>();
            for (String name : flow.analyses().keySet()) {
                List<Double> items =
                        Trial.models(flow).keySet().stream()
                                .map(TierKey::of)
                                .filter(key -> key.analysis().equals(name))
                                .map(this::mean)
                                .toList();
                analyses.put(
                        name,
                        new Answered(
                                asked.getOrDefault(name, 0),
                                byRules.getOrDefault(name, 0),
                                requests.getOrDefault(new TierKey(name, 0), 0),
                                distinct.getOrDefault(name, Set.of()).size(),
                                normalised.getOrDefault(name, Set.of()).size(),
                                items));
            }
            return new Survey(events, undecodable, filtered, analyses);
        }

        private double mean(TierKey key) {
            int seen = requests.getOrDefault(key, 0);
            return seen == 0 ? 0 : (double) tokens.getOrDefault(key, 0L) / seen;
        }
    }
}
