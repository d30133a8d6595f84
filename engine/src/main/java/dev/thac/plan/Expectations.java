package dev.thac.plan;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.CacheMode;
import dev.thac.cascade.TierSpec;
import dev.thac.pipeline.FlowSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is to be expected of a pipeline: from its file, from what the user says, from a sample of
 * events, from what the models report; what none of them says is assumed, and said to be.
 *
 * @param workload what happens to its events
 * @param assumptions what that rests on
 */
public record Expectations(Workload workload, List<Assumption> assumptions) {

    /** Copies the list. */
    public Expectations {
        assumptions = List.copyOf(assumptions);
    }

    /**
     * What is known besides the file.
     *
     * @param given what the user says; wins over everything else
     * @param survey what a sample of events says
     * @param calibration what the models reported
     */
    public record Known(Given given, Optional<Survey> survey, Optional<Calibration> calibration) {

        /** Nothing but the file. */
        public static final Known FILE_ONLY =
                new Known(Given.NOTHING, Optional.empty(), Optional.empty());
    }

    /**
     * Puts together what is known.
     *
     * @param flow the pipeline
     * @param known what is known besides
     * @param tokenizer counts tokens of prompts
     * @return what is to be expected
     * @throws IllegalArgumentException when a share is given for a tier that there is not
     */
    public static Expectations of(FlowSpec flow, Known known, Tokenizer tokenizer) {
        checkNames(flow, known.given());
        List<Assumption> assumptions = new ArrayList<>();
        List<AnalysisLoad> analyses = new ArrayList<>();
        double passed = passed(flow, known, assumptions);
        for (Map.Entry<String, AnalysisSpec> entry : flow.analyses().entrySet()) {
            analyses.add(
                    analysis(flow, entry.getKey(), new Context(known, tokenizer, assumptions)));
        }
        return new Expectations(
                new Workload(passed, sampled(flow, assumptions), analyses), assumptions);
    }

    /** What the parts share. */
    record Context(Known known, Tokenizer tokenizer, List<Assumption> assumptions) {
        void add(String what, String value, Basis basis, String source) {
            assumptions.add(new Assumption(what, value, basis, source));
        }

        Optional<Survey.Answered> surveyed(String analysis) {
            return known.survey().map(survey -> survey.analyses().get(analysis));
        }
    }

    private static void checkNames(FlowSpec flow, Given given) {
        List<String> names = new ArrayList<>(List.of("rules", "cache"));
        flow.analyses()
                .forEach(
                        (name, analysis) -> {
                            names.add(name + ".rules");
                            names.add(name + ".cache");
                            for (TierSpec tier : analysis.tiers()) {
                                if (tier instanceof TierSpec.Model model) {
                                    names.add(model.model());
                                    names.add(name + "." + model.model());
                                }
                            }
                        });
        for (String name : given.shares().keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no tier " + name + "; there are " + String.join(", ", names));
            }
        }
        for (String name : given.thinking().keySet()) {
            if (!flow.models().containsKey(name)) {
                throw new IllegalArgumentException(
                        "there is no model "
                                + name
                                + "; there are "
                                + String.join(", ", flow.models().keySet()));
            }
        }
    }

    private static double passed(FlowSpec flow, Known known, List<Assumption> assumptions) {
        if (known.survey().isPresent() && known.survey().get().events() > 0) {
            Survey survey = known.survey().get();
            assumptions.add(
                    new Assumption(
                            "events that pass the filter",
                            Words.percent(survey.passed()),
                            Basis.COUNTED,
                            sample(survey)
                                    + (survey.undecodable() > 0
                                            ? "; " + survey.undecodable() + " cannot be decoded"
                                            : "")));
            return survey.passed();
        }
        if (!flow.filter().isEmpty()) {
            assumptions.add(
                    new Assumption(
                            "events that pass the filter",
                            "100 %",
                            Basis.ASSUMED,
                            "no events to look at, so as if all did; --from counts it"));
        }
        return 1;
    }

    private static double sampled(FlowSpec flow, List<Assumption> assumptions) {
        flow.sample()
                .ifPresent(
                        sample ->
                                assumptions.add(
                                        new Assumption(
                                                "events that are judged (sample)",
                                                Words.percent(sample.share().ratio())
                                                        + " of those that pass",
                                                Basis.FILE,
                                                "sample.share")));
        return flow.sample().map(sample -> sample.share().ratio()).orElse(1.0);
    }

    private static String sample(Survey survey) {
        return "sample of " + Words.number((double) survey.events()) + " events";
    }

    private static AnalysisLoad analysis(FlowSpec flow, String name, Context context) {
        AnalysisSpec spec =
                java.util.Objects.requireNonNull(flow.analyses().get(name), "one of the flow's");
        double applies = applies(name, spec, context);
        double rules = rules(name, spec, context);
        double cached = cached(name, spec, context);
        List<TierLoad> tiers = new ArrayList<>();
        List<TierSpec.Model> models =
                spec.tiers().stream()
                        .filter(TierSpec.Model.class::isInstance)
                        .map(TierSpec.Model.class::cast)
                        .toList();
        for (int i = 0; i < models.size(); i++) {
            tiers.add(new TierExpectation(flow, name, spec, models, i, context).load());
        }
        return new AnalysisLoad(name, applies, rules, cached, tiers);
    }

    private static double applies(String name, AnalysisSpec spec, Context context) {
        Optional<Survey.Answered> surveyed = context.surveyed(name);
        if (spec.when().isEmpty()) {
            return 1;
        }
        if (surveyed.isPresent()) {
            Survey survey = context.known().survey().orElseThrow();
            double judged = survey.events() * survey.passed();
            double share = judged == 0 ? 1 : Math.min(1, surveyed.get().asked() / judged);
            context.add(
                    name + " is asked (when)",
                    Words.percent(share) + " of judged events",
                    Basis.COUNTED,
                    sample(survey));
            return share;
        }
        context.add(
                name + " is asked (when)",
                "100 % of judged events",
                Basis.ASSUMED,
                "no events to look at, so as if always; --from counts it");
        return 1;
    }

    private static double rules(String name, AnalysisSpec spec, Context context) {
        OptionalDouble given = context.known().given().share(name, "rules");
        if (spec.tiers().stream().noneMatch(TierSpec.Rules.class::isInstance)) {
            return 0;
        }
        String what = name + ": rules decide";
        if (given.isPresent()) {
            context.add(what, ofAsked(given.getAsDouble()), Basis.GIVEN, "--share");
            return given.getAsDouble();
        }
        Optional<Survey.Answered> surveyed = context.surveyed(name);
        if (surveyed.isPresent() && surveyed.get().asked() > 0) {
            Survey.Answered counts = surveyed.get();
            double share = (double) counts.byRules() / counts.asked();
            context.add(
                    what,
                    ofAsked(share) + Shares.interval(share, counts.asked()),
                    Basis.COUNTED,
                    sample(context.known().survey().orElseThrow()));
            return share;
        }
        context.add(
                what,
                ofAsked(0),
                Basis.ASSUMED,
                "no events to look at, so as if no rule ever held: the dearest case; --from counts"
                        + " it, --share rules=40% says it");
        return 0;
    }

    private static double cached(String name, AnalysisSpec spec, Context context) {
        OptionalDouble given = context.known().given().share(name, "cache");
        CacheMode mode = spec.cache().mode();
        if (given.isPresent()) {
            context.add(
                    name + ": the cache answers",
                    Words.percent(given.getAsDouble()) + " of what rules leave",
                    Basis.GIVEN,
                    "--share");
            return given.getAsDouble();
        }
        Optional<Survey.Answered> surveyed = context.surveyed(name);
        if (surveyed.isPresent() && surveyed.get().reaching() > 0) {
            Survey.Answered counts = surveyed.get();
            context.add(
                    name + ": the same input again",
                    "%s exactly, %s but for case and white space"
                            .formatted(
                                    Words.percent(counts.repeated()),
                                    Words.percent(counts.repeatedNormalised())),
                    Basis.COUNTED,
                    "%s; cache.mode is %s; among a whole day's events more will be the same"
                            .formatted(
                                    sample(context.known().survey().orElseThrow()),
                                    mode.name().toLowerCase(Locale.ROOT)));
            return switch (mode) {
                case EXACT -> counts.repeated();
                case NORMALISED -> counts.repeatedNormalised();
                case OFF -> 0;
            };
        }
        if (mode != CacheMode.OFF && !spec.tiers().isEmpty()) {
            context.add(
                    name + ": the same input again",
                    "0 % of what rules leave",
                    Basis.ASSUMED,
                    "no events to look at, so as if no input came twice: the dearest case; --from"
                            + " counts it, --share cache=10% says it");
        }
        return 0;
    }

    private static String ofAsked(double share) {
        return Words.percent(share) + " of what it is asked about";
    }
}
