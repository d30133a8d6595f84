package dev.thac.observe;

import dev.thac.meter.Metric;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every figure an alert can look at. */
public enum Signal {
    /** How far behind, in time. */
    LAG(
            "lag",
            Scope.PIPELINE,
            Unit.SECONDS,
            "age of the oldest event that is not done",
            new Formula.Now(Metric.CONSUMER_LAG_SECONDS, Formula.Together.MAX)),
    /** How far behind, in records. */
    LAG_RECORDS(
            "lag-records",
            Scope.PIPELINE,
            Unit.COUNT,
            "records between what is done and the end of the source",
            new Formula.Now(Metric.CONSUMER_LAG_RECORDS, Formula.Together.SUM)),
    /** How long nothing was finished. */
    SINCE_COMMIT(
            "since-commit",
            Scope.PIPELINE,
            Unit.SECONDS,
            "time since the last commit, or since the start where there was none",
            new Formula.Since(Metric.LAST_PROGRESS)),
    /** Dead letters in a time. */
    DEAD_LETTERS(
            "dead-letters",
            Scope.PIPELINE,
            Unit.PER_MINUTE,
            "dead letters a minute, over 5 minutes",
            new Formula.Times(settled(true), 0.2)),
    /** Dead letters among all events. */
    DEAD_LETTER_SHARE(
            "dead-letter-share",
            Scope.PIPELINE,
            Unit.SHARE,
            "dead letters among the events done, over 5 minutes",
            new Formula.Both(settled(true), Formula.Both.Operation.PER, settled(false))),
    /** How long a model's slowest answers take. */
    MODEL_P99(
            "model-p99",
            Scope.MODEL,
            Unit.SECONDS,
            "what 99 of 100 calls that were answered or timed out took at most, over 5 minutes",
            new Formula.Quantile(
                    0.99,
                    Metric.MODEL_CALL_SECONDS,
                    Map.of("outcome", List.of("ok", "timeout")),
                    minutes(5))),
    /** How many calls there were. */
    MODEL_CALLS(
            "model-calls",
            Scope.MODEL,
            Unit.COUNT,
            "calls of a model that ended, over 5 minutes",
            new Formula.Grown(Metric.MODEL_CALL_SECONDS, "_count", Map.of(), minutes(5))),
    /** How many of them failed. */
    FAILED_CALLS(
            "failed-calls",
            Scope.MODEL,
            Unit.SHARE,
            "calls of a model that failed, among all of them, over 5 minutes",
            new Formula.Both(
                    errors(),
                    Formula.Both.Operation.PER,
                    new Formula.Both(
                            new Formula.Grown(
                                    Metric.MODEL_CALL_SECONDS,
                                    "_count",
                                    Map.of("outcome", List.of("ok")),
                                    minutes(5)),
                            Formula.Both.Operation.PLUS,
                            errors()))),
    /** Refusals for the provider's own cap. */
    SPEND_CAP(
            "spend-cap",
            Scope.MODEL,
            Unit.COUNT,
            "calls refused because the provider's spend cap is reached, over 10 minutes",
            new Formula.Grown(
                    Metric.PROVIDER_ERRORS, "", Map.of("kind", List.of("spend_cap")), minutes(10))),
    /** Calls nobody knows the price of. */
    UNPRICED_CALLS(
            "unpriced-calls",
            Scope.MODEL,
            Unit.COUNT,
            "calls whose price is not known, over an hour",
            new Formula.Grown(Metric.UNPRICED_CALLS, minutes(60))),
    /** Whether calls pass. */
    BREAKER(
            "breaker",
            Scope.MODEL,
            new Unit.States(List.of("closed", "half-open", "open")),
            "the circuit breaker of a model's account",
            new Formula.Now(Metric.BREAKER_STATE, Formula.Together.MAX)),
    /** How sure a tier is. */
    CONFIDENCE(
            "confidence",
            Scope.TIER,
            Unit.CONFIDENCE,
            "mean confidence of a tier's answers, over 15 minutes",
            new Formula.Both(confidence("_sum"), Formula.Both.Operation.PER, confidence("_count"))),
    /** How many answers that is. */
    ANSWERS(
            "answers",
            Scope.TIER,
            Unit.COUNT,
            "answers of a tier that state a confidence, over 15 minutes",
            confidence("_count")),
    /** What is spent. */
    BUDGET_SPENT(
            "budget-spent",
            Scope.BUDGET,
            Unit.SHARE,
            "money of a budget spent in its present period, of its limit",
            ofLimit(new Formula.Now(Metric.BUDGET_SPENT, Formula.Together.MAX))),
    /** What will be spent. */
    BUDGET_FORECAST(
            "budget-forecast",
            Scope.BUDGET,
            Unit.SHARE,
            "what a budget's present period will have cost at its end, of its limit",
            ofLimit(new Formula.Now(Metric.BUDGET_FORECAST, Formula.Together.MAX))),
    /** How fast it is spent. */
    BUDGET_BURN(
            "budget-burn",
            Scope.BUDGET,
            Unit.SHARE,
            "what a whole period would cost at the speed of the last hour, of the limit",
            ofLimit(new Formula.HourAsPeriod(Metric.BUDGET_SPENT))),
    /** Whether it still pays. */
    BUDGET_STATE(
            "budget-state",
            Scope.BUDGET,
            new Unit.States(List.of("ok", "warn", "degraded", "paused")),
            "how a budget is doing",
            new Formula.Now(Metric.BUDGET_STATE, Formula.Together.MAX));

    private final String label;
    private final Scope scope;

    @SuppressWarnings("ImmutableEnumChecker") // records of immutable parts
    private final Unit unit;

    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // records of immutable parts
    private final Formula formula;

    Signal(String label, Scope scope, Unit unit, String meaning, Formula formula) {
        this.label = label;
        this.scope = scope;
        this.unit = unit;
        this.meaning = meaning;
        this.formula = formula;
    }

    /**
     * Its name in conditions.
     *
     * @return for example {@code lag}
     */
    public String label() {
        return label;
    }

    /**
     * What one figure is about.
     *
     * @return the scope
     */
    public Scope scope() {
        return scope;
    }

    /**
     * What it measures.
     *
     * @return words without a full stop
     */
    public String meaning() {
        return meaning;
    }

    /**
     * How a threshold is written.
     *
     * @return for example {@code 300s or 5m}
     */
    public String example() {
        return unit.example();
    }

    /**
     * The metrics it is made of.
     *
     * @return metrics
     */
    public List<Metric> metrics() {
        return formula.metrics();
    }

    Unit unit() {
        return unit;
    }

    Formula formula() {
        return formula;
    }

    static Optional<Signal> of(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /** All signals' names. */
    static List<String> labels() {
        return Arrays.stream(values()).map(Signal::label).toList();
    }

    private static Formula settled(boolean deadLetters) {
        return new Formula.Grown(
                Metric.EVENTS_SETTLED,
                "",
                deadLetters ? Map.of("outcome", List.of("dead-lettered")) : Map.of(),
                minutes(5));
    }

    private static Formula errors() {
        return new Formula.Grown(Metric.PROVIDER_ERRORS, minutes(5));
    }

    private static Formula confidence(String suffix) {
        return new Formula.Grown(Metric.CONFIDENCE, suffix, Map.of(), minutes(15));
    }

    private static Formula ofLimit(Formula money) {
        return new Formula.Both(
                money,
                Formula.Both.Operation.PER,
                new Formula.Now(Metric.BUDGET_LIMIT, Formula.Together.MAX));
    }

    private static Duration minutes(int minutes) {
        return Duration.ofMinutes(minutes);
    }
}
