package dev.thac.cascade;

import dev.thac.cost.SpendTier;
import dev.thac.event.CacheFill;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.ThacException;
import dev.thac.event.Verdict;
import dev.thac.expression.Condition;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Template;
import dev.thac.redact.Redactor;
import dev.thac.resilience.RetryPolicy;
import dev.thac.spec.DataSize;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One question asked about each event, compiled: its tiers from free to dear. Thread-safe; an
 * event's way through them is a {@link Descent}.
 */
public final class Analysis {

    private final Setting setting;
    private final boolean optional;
    private final @Nullable Condition when;
    private final Template input;
    private final Redactor redactor;
    private final @Nullable Utf8Limit truncate;
    private final List<Tier> tiers;
    private final @Nullable Repeats repeats;
    private final Set<String> fields;
    private final RetryPolicy retry;

    private Analysis(
            AnalysisSpec spec,
            List<Tier> tiers,
            Redactor redactor,
            RetryPolicy retry,
            Setting setting)
            throws ExpressionException {
        this.setting = setting;
        this.redactor = redactor;
        this.optional = spec.optional();
        this.when =
                spec.when().isPresent() ? Expressions.condition(spec.when().get().text()) : null;
        this.input = Template.parse(spec.input().text());
        this.truncate = spec.truncate().map(DataSize::bytes).map(Utf8Limit::new).orElse(null);
        this.tiers = List.copyOf(tiers);
        this.repeats = Repeats.of(spec.cache(), tiers, setting);
        this.fields = Set.copyOf(spec.output().keySet());
        this.retry = retry;
    }

    /**
     * Compiles an analysis.
     *
     * @param name its name
     * @param spec its declaration; a schema file is already in {@code output}
     * @param redactor what models are not shown
     * @param around what it needs from around it
     * @return the analysis
     * @throws ThacException ({@code BAD_SPEC}) when an expression or schema is wrong
     */
    public static Analysis of(
            String name, AnalysisSpec spec, Redactor redactor, Surroundings around) {
        Setting setting =
                new Setting(
                        around.pipeline(),
                        name,
                        around.answers(),
                        around.meters(),
                        around.ticker(),
                        around.book());
        try {
            List<Tier> tiers = new ArrayList<>();
            for (TierSpec tier : spec.tiers()) {
                boolean last = tiers.size() == spec.tiers().size() - 1;
                tiers.add(
                        switch (tier) {
                            case TierSpec.Rules rules -> new RulesTier(rules, setting);
                            case TierSpec.Model model ->
                                    new ModelTier(
                                            spec,
                                            model,
                                            around.models().apply(model.model()),
                                            setting,
                                            last ? SpendTier.LAST_MODEL : SpendTier.MODEL);
                            case TierSpec.Learned _ ->
                                    throw new IllegalArgumentException(
                                            "this kind of tier is not built yet");
                        });
            }
            return new Analysis(spec, tiers, redactor, around.retry(), setting);
        } catch (ExpressionException | IllegalArgumentException e) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "analyses." + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * The name in the file.
     *
     * @return the name
     */
    public String name() {
        return setting.analysis();
    }

    /**
     * Whether an event goes on without this answer.
     *
     * @return true when it may fail
     */
    public boolean optional() {
        return optional;
    }

    /**
     * Whether it is asked about an event at all.
     *
     * @param event the event
     * @return false when its condition does not hold
     */
    public boolean appliesTo(Event event) {
        return when == null || when.test(event);
    }

    /**
     * Whether an answer given before is one that this analysis could give: by a tier it has, with
     * the instructions and the answer schema of today, so that a changed file asks again.
     *
     * @param answer an answer for the same event
     * @return true when it need not be asked for again
     */
    public boolean stands(Verdict answer) {
        if (!(answer.result() instanceof Verdict.Result.Answered(Map<String, Object> given))
                || !given.keySet().equals(fields)) {
            return false;
        }
        return tiers.stream()
                .anyMatch(
                        tier ->
                                switch (tier) {
                                    case RulesTier rules -> answer.tier().equals(rules.name());
                                    case ModelTier model ->
                                            answer.prompt().equals(model.promptHash());
                                });
    }

    /**
     * Starts an event's way through the tiers.
     *
     * @param event the event
     * @return its way, at the first tier
     */
    public Descent begin(Event event) {
        return new Descent(this, event);
    }

    /** Makes the batches of all tiers that wait for more events go at once. */
    public void flush() {
        for (Tier tier : tiers) {
            if (tier instanceof ModelTier model) {
                model.flush();
            }
        }
    }

    /**
     * Keeps an answer for the same input of other events.
     *
     * @param fill an answer that this analysis gave
     */
    public void keep(CacheFill fill) {
        if (repeats != null) {
            repeats.cache().keep(fill);
        }
    }

    /**
     * Whether any of its tiers asks a model.
     *
     * @return false where rules settle all
     */
    public boolean asksModels() {
        return tiers.stream().anyMatch(ModelTier.class::isInstance);
    }

    Setting setting() {
        return setting;
    }

    /** What is known of inputs that come again; {@code null} where every event is judged. */
    @Nullable Repeats repeats() {
        return repeats;
    }

    List<Tier> tiers() {
        return tiers;
    }

    RetryPolicy retry() {
        return retry;
    }

    /**
     * What models are given of an event: its rendered input without personal data, cut where the
     * file says so. Cut last, so that no half of a number is left that would have been found whole.
     *
     * @param event the event
     * @return the text
     */
    public String input(Event event) {
        String text = input.render(event, redactor.lens(event));
        return truncate == null ? text : truncate.cut(text);
    }
}
