package dev.thac.plan;

import dev.thac.batch.BatchSpec;
import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.ExampleSpec;
import dev.thac.cascade.Prompt;
import dev.thac.cascade.TierSpec;
import dev.thac.event.JsonText;
import dev.thac.model.AnswerSchema;
import dev.thac.model.Effort;
import dev.thac.model.ModelRequest;
import dev.thac.model.ModelSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.spec.Tree;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What is to be expected of one model tier. */
final class TierExpectation {

    private static final int MOST_UNDECLARED = 100;
    private static final double USUAL_EVENT = 100;
    private static final double ESCALATED = 1 / 6.0;
    private static final double ASKED_AGAIN = 0.01;
    private static final double CONFIDENCE_OUTPUT = 6;

    private final String analysis;
    private final AnalysisSpec spec;
    private final TierSpec.Model tier;
    private final int index;
    private final boolean last;
    private final ModelSpec model;
    private final Expectations.Context context;
    private final AnswerSchema schema;
    private final ModelRequest empty;
    private final Optional<Calibration.Measured> measured;

    TierExpectation(
            FlowSpec flow,
            String analysis,
            AnalysisSpec spec,
            List<TierSpec.Model> tiers,
            int index,
            Expectations.Context context) {
        this.analysis = analysis;
        this.spec = spec;
        this.tier = tiers.get(index);
        this.index = index;
        this.last = index == tiers.size() - 1;
        ModelSpec found = flow.models().get(tier.model());
        if (found == null) {
            throw new IllegalArgumentException("there is no model " + tier.model());
        }
        this.model = found;
        this.context = context;
        this.schema = AnswerSchema.of(fields(spec), tier.accept().isPresent());
        this.empty = Prompt.of(spec, tier.accept().isPresent(), model.model()).request(List.of());
        this.measured =
                context.known()
                        .calibration()
                        .map(each -> each.tiers().get(new TierKey(analysis, index).name()))
                        .filter(each -> !each.calls().isEmpty());
    }

    TierLoad load() {
        Tokens input = input();
        Tokens output = output();
        Tokens thinking = thinking();
        Optional<BatchSpec> batch = tier.batch();
        return new TierLoad(
                tier.model(),
                size(batch, input.perItem()),
                batch.flatMap(BatchSpec::longestWait),
                input,
                output,
                thinking,
                confidence(),
                passedOn(),
                askedAgain(),
                time());
    }

    private String name() {
        return analysis + "." + tier.model();
    }

    private static Map<String, Object> fields(AnalysisSpec spec) {
        Map<String, Object> fields = new LinkedHashMap<>();
        spec.output()
                .forEach(
                        (name, tree) -> {
                            Object value = tree.value();
                            if (value != null) {
                                fields.put(name, value);
                            }
                        });
        return fields;
    }

    /** As the tier itself takes it where the file gives no size. */
    private int size(Optional<BatchSpec> batch, double itemTokens) {
        if (batch.isEmpty()) {
            return 1;
        }
        int safe = Math.clamp(model.maxOutputTokens() / schema.tokensPerItem(), 1, MOST_UNDECLARED);
        int size = batch.get().size().orElse(safe);
        int most = batch.get().tokens().orElse(Integer.MAX_VALUE);
        return Math.clamp((long) (most / Math.max(1, itemTokens)), 1, size);
    }

    private Tokens input() {
        double perCall = context.tokenizer().perCall(empty);
        double item = item();
        if (measured.isEmpty()) {
            context.add(
                    name() + " instructions and schema",
                    Words.number(perCall) + " tokens a call",
                    Basis.COUNTED,
                    Tokenizer.source(model.model()));
            return new Tokens(perCall, item);
        }
        List<Calibration.Call> calls = measured.get().calls();
        double items = calls.stream().mapToDouble(Calibration.Call::items).sum();
        double counted = calls.stream().mapToDouble(Calibration.Call::counted).sum() / items;
        // The first tier sees what the whole sample shows; a later one only what is passed on.
        double each = index == 0 && item > 0 ? item : counted;
        Tokens tokens =
                Line.through(
                                calls.stream().mapToDouble(Calibration.Call::counted).toArray(),
                                calls.stream().mapToDouble(Calibration.Call::input).toArray())
                        .map(line -> new Tokens(line.at0(), line.slope() * each))
                        .orElseGet(
                                () -> {
                                    double ratio = ratio(calls);
                                    return new Tokens(perCall * ratio, each * ratio);
                                });
        context.add(
                name() + " input",
                "%s tokens a call and %s an event"
                        .formatted(Words.number(tokens.perCall()), Words.number(tokens.perItem())),
                Basis.MEASURED,
                reported(calls));
        return tokens;
    }

    private static double ratio(List<Calibration.Call> calls) {
        double reported = calls.stream().mapToDouble(Calibration.Call::input).sum();
        return reported
                / Math.max(1, calls.stream().mapToDouble(Calibration.Call::countedWhole).sum());
    }

    private static String reported(List<Calibration.Call> calls) {
        return "reported by the model for " + Words.number(calls.size()) + " calls";
    }

    /** Input tokens of one event with its wrapper: number, quotes, commas. */
    private double item() {
        double wrapper =
                context.tokenizer()
                        .items(
                                Prompt.of(spec, tier.accept().isPresent(), model.model())
                                        .request(List.of("\"\"")));
        OptionalDouble given = context.known().given().eventTokens();
        String what = name() + " event";
        if (given.isPresent()) {
            double item = given.getAsDouble() + wrapper;
            context.add(what, tokens(item), Basis.GIVEN, "--event-tokens and its wrapper");
            return item;
        }
        Optional<Double> counted =
                context.surveyed(analysis)
                        .map(each -> each.itemTokens().get(index))
                        .filter(each -> each > 0);
        if (counted.isPresent()) {
            context.add(
                    what,
                    tokens(counted.get()),
                    Basis.COUNTED,
                    Tokenizer.source(model.model()) + ", in the sample, wrapper included");
            return counted.get();
        }
        context.add(
                what,
                tokens(USUAL_EVENT + wrapper),
                Basis.ASSUMED,
                "no events to look at: 100 tokens of text and the wrapper; --from counts it,"
                        + " --event-tokens says it");
        return USUAL_EVENT + wrapper;
    }

    private static String tokens(double tokens) {
        return Words.number(tokens) + " tokens";
    }

    private Tokens output() {
        double frame = context.tokenizer().count("{\"items\":[]}");
        OptionalDouble given = context.known().given().outputTokens();
        String what = name() + " answer";
        if (given.isPresent()) {
            context.add(what, tokens(given.getAsDouble()), Basis.GIVEN, "--output-tokens");
            return new Tokens(frame, given.getAsDouble());
        }
        if (measured.isPresent()) {
            List<Calibration.Call> calls = measured.get().calls();
            Tokens tokens =
                    perItem(
                            calls,
                            calls.stream().mapToDouble(Calibration.Call::output).toArray(),
                            frame);
            context.add(what, tokens(tokens.perItem()), Basis.MEASURED, reported(calls));
            return tokens;
        }
        if (!spec.examples().isEmpty()) {
            double mean = spec.examples().stream().mapToInt(this::answer).average().orElseThrow();
            context.add(
                    what,
                    tokens(mean),
                    Basis.COUNTED,
                    "the %d worked examples of the file; %s"
                            .formatted(spec.examples().size(), Tokenizer.source(model.model())));
            return new Tokens(frame, mean);
        }
        context.add(
                what,
                tokens(schema.tokensPerItem()),
                Basis.ASSUMED,
                "from the output fields, every text as long as it may be: rather too many;"
                        + " --calibrate measures it, --output-tokens says it");
        return new Tokens(frame, schema.tokensPerItem());
    }

    private int answer(ExampleSpec example) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("i", 1L);
        for (Map.Entry<String, Tree> field : example.answer().entrySet()) {
            answer.put(field.getKey(), field.getValue().value());
        }
        if (tier.accept().isPresent()) {
            answer.put("confidence", 0.95);
        }
        return context.tokenizer().count(JsonText.text(answer) + ",");
    }

    private Tokens thinking() {
        Double given = context.known().given().thinking().get(tier.model());
        String what = name() + " thinking";
        if (given != null) {
            context.add(what, Words.number(given) + " tokens a call", Basis.GIVEN, "--thinking");
            return new Tokens(given, 0);
        }
        if (measured.isPresent()) {
            List<Calibration.Call> calls = measured.get().calls();
            Tokens tokens =
                    perItem(
                            calls,
                            calls.stream().mapToDouble(Calibration.Call::thinking).toArray(),
                            0);
            context.add(
                    what,
                    "%s tokens a call and %s an event"
                            .formatted(
                                    Words.number(tokens.perCall()), Words.number(tokens.perItem())),
                    Basis.MEASURED,
                    reported(calls));
            return tokens;
        }
        double each = usualThinking();
        context.add(
                what,
                Words.number(each) + " tokens an event",
                Basis.ASSUMED,
                model.effort()
                                .map(effort -> "usual for effort: " + label(effort))
                                .orElse("effort is not set: usual for the provider's default")
                        + "; models differ widely; --calibrate measures it, --thinking says it");
        return new Tokens(0, each);
    }

    private static String label(Effort effort) {
        return effort.name().toLowerCase(java.util.Locale.ROOT);
    }

    private double usualThinking() {
        if (model.effort().isEmpty()) {
            return model.model().contains("sonnet") ? 300 : 100;
        }
        return switch (model.effort().get()) {
            case NONE -> 0;
            case LOW -> 20;
            case MEDIUM -> 100;
            case HIGH -> 300;
        };
    }

    private static Tokens perItem(List<Calibration.Call> calls, double[] tokens, double frame) {
        double items = calls.stream().mapToDouble(Calibration.Call::items).sum();
        double sum = Line.mean(tokens) * tokens.length;
        return Line.through(calls.stream().mapToDouble(Calibration.Call::items).toArray(), tokens)
                .map(line -> new Tokens(line.at0(), line.slope()))
                .orElseGet(
                        () ->
                                new Tokens(
                                        Math.min(frame, sum / calls.size()),
                                        Math.max(0, sum - frame * calls.size()) / items));
    }

    private TierLoad.Confidence confidence() {
        if (tier.accept().isEmpty()) {
            return TierLoad.Confidence.NONE;
        }
        ModelRequest without = Prompt.of(spec, false, model.model()).request(List.of());
        double more = context.tokenizer().perCall(empty) - context.tokenizer().perCall(without);
        return new TierLoad.Confidence(
                new Tokens(Math.max(0, more), 0), new Tokens(0, CONFIDENCE_OUTPUT));
    }

    private double passedOn() {
        if (last || tier.accept().isEmpty()) {
            return 0;
        }
        String what = name() + " passes on";
        OptionalDouble given = context.known().given().share(analysis, tier.model());
        if (given.isPresent()) {
            context.add(what, ofSeen(given.getAsDouble()), Basis.GIVEN, "--share");
            return given.getAsDouble();
        }
        if (measured.isPresent() && measured.get().seen() > 0) {
            double share = (double) measured.get().passedOn() / measured.get().seen();
            context.add(
                    what,
                    ofSeen(share) + Shares.interval(share, measured.get().seen()),
                    Basis.MEASURED,
                    "%s events that reached it"
                            .formatted(Words.number((double) measured.get().seen())));
            return share;
        }
        context.add(
                what,
                ofSeen(ESCALATED),
                Basis.ASSUMED,
                "one in six, as in published designs; it depends on the events and on accept;"
                        + " --calibrate measures it, --share "
                        + tier.model()
                        + "=10% says it");
        return ESCALATED;
    }

    private static String ofSeen(double share) {
        return Words.percent(share) + " of what it sees";
    }

    private double askedAgain() {
        if (measured.isEmpty()) {
            context.add(
                    name() + " asked again",
                    Words.percent(ASKED_AGAIN) + " of what it sees",
                    Basis.ASSUMED,
                    "answers that are cut or break the schema are asked for once more and paid"
                            + " twice");
            return ASKED_AGAIN;
        }
        long items = measured.get().calls().stream().mapToLong(Calibration.Call::items).sum();
        long seen = Math.max(1, measured.get().seen());
        double share = Math.clamp((double) (items - seen) / seen, 0, 1);
        context.add(
                name() + " asked again",
                Words.percent(share) + " of what it sees",
                Basis.MEASURED,
                reported(measured.get().calls()));
        return share;
    }

    private CallTime time() {
        if (measured.isEmpty()) {
            context.add(
                    name() + " speed",
                    "%.1f s, then %.0f tokens a second"
                            .formatted(
                                    CallTime.USUAL.firstToken(), CallTime.USUAL.tokensPerSecond()),
                    Basis.ASSUMED,
                    "50 to 100 tokens a second is usual; --calibrate measures it");
            return CallTime.USUAL;
        }
        List<Calibration.Call> calls = measured.get().calls();
        CallTime time = CallTime.through(calls);
        context.add(
                name() + " speed",
                "%.2f s, then %s tokens a second"
                        .formatted(
                                time.firstToken(),
                                Double.isInfinite(time.tokensPerSecond())
                                        ? "any number of"
                                        : Words.number(time.tokensPerSecond())),
                Basis.MEASURED,
                reported(calls));
        return time;
    }
}
