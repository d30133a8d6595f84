package dev.thac.observe;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The alerts that exist by name; a file may change every threshold of them. */
public enum BuiltIn {
    /** Behind in time: what a promise to users is about. */
    LAG(
            "lag",
            "lag > 300s",
            "5m",
            Severity.WARNING,
            new Words(
                    "is more than five minutes behind",
                    "Events wait longer than they should before they are done.",
                    "thac status: is the rate below what comes in (add instances or concurrency),"
                            + " or is a model slow or refusing?")),
    /** Behind in records, where that also takes time. */
    LAG_RECORDS(
            "lag-records",
            "lag-records > 10000 and lag > 60s",
            "5m",
            Severity.WARNING,
            new Words(
                    "has a long backlog",
                    "More than 10,000 records wait, and the oldest of them for more than a minute.",
                    "thac groups describe: which partitions wait, and how fast is the rest?")),
    /** Nothing moves. */
    NO_PROGRESS(
            "no-progress",
            "lag-records > 0 and since-commit > 60s",
            "5m",
            Severity.CRITICAL,
            new Words(
                    "does not move although records wait",
                    "Nothing was committed for minutes while there is something to do.",
                    "thac status: the last trouble, and whether it is paused or waits for a"
                            + " provider.")),
    /** Events that nobody could settle, many and a real part of all. */
    DEAD_LETTERS(
            "dead-letters",
            "dead-letters > 5/min and dead-letter-share > 1%",
            "5m",
            Severity.WARNING,
            new Words(
                    "sends many events to the dead letters",
                    "More than five events a minute, and more than one in a hundred, cannot be"
                            + " settled.",
                    "thac dlq ls: the reasons; after the cause is gone, thac dlq redrive.")),
    /** A model takes too long. */
    MODEL_SLOW(
            "model-slow",
            "model-p99 > 30s and model-calls > 20",
            "5m",
            Severity.WARNING,
            new Words(
                    "waits long for its model",
                    "One call in a hundred takes more than half a minute, half of the usual"
                            + " time-out.",
                    "The provider's status page; then batch size and maxOutputTokens: an answer"
                            + " takes as long as it is.")),
    /** A model refuses or breaks. */
    FAILED_CALLS(
            "failed-calls",
            "failed-calls > 20% and model-calls > 20",
            "5m",
            Severity.WARNING,
            new Words(
                    "sees many calls of a model fail",
                    "One call in five fails. Events are not lost; they wait or go to the next"
                            + " model.",
                    "thac_provider_errors_total by kind: rate_limit and overloaded pass by"
                            + " themselves, auth and bad_request do not.")),
    /** A model is not called at all. */
    BREAKER_OPEN(
            "breaker-open",
            "breaker == open",
            "1m",
            Severity.WARNING,
            new Words(
                    "does not call a model any more",
                    "So many calls failed that only a probe passes now and then; events wait.",
                    "thac status: the model's last trouble.")),
    /** The provider takes no more money. */
    SPEND_CAP(
            "spend-cap",
            "spend-cap > 0",
            "0s",
            Severity.CRITICAL,
            new Words(
                    "has reached the spend cap of its provider account",
                    "The provider refuses every call until its cap is raised or its month is over.",
                    "The limits page of the provider account; a fallback model can take over"
                            + " meanwhile.")),
    /** Money that no budget counts. */
    UNPRICED(
            "unpriced",
            "unpriced-calls > 0",
            "0s",
            Severity.WARNING,
            new Words(
                    "makes calls whose price is not known",
                    "What they cost is in no figure, and no budget can hold them back.",
                    "Give the model a price in the file, or price: free where it costs nothing.")),
    /** A model that does not know. */
    CONFIDENCE_LOW(
            "confidence-low",
            "confidence < 0.6 and answers >= 100",
            "15m",
            Severity.WARNING,
            new Words(
                    "is unsure of its answers",
                    "The mean confidence of a tier has fallen: other input than before, or another"
                            + " model.",
                    "thac explain on some recent events; thac eval on labelled ones.")),
    /** The money will not last. */
    BUDGET_FORECAST(
            "budget-forecast",
            "budget-forecast > 100%",
            "30m",
            Severity.WARNING,
            new Words(
                    "will use up a budget before its period ends",
                    "At the present speed the limit is reached too early; then happens what atLimit"
                            + " says.",
                    "What costs more than planned, by tier and model; then the limit, or cheaper"
                            + " tiers.")),
    /** The money goes fast now. */
    BUDGET_BURN(
            "budget-burn",
            "budget-burn > 200%",
            "15m",
            Severity.WARNING,
            new Words(
                    "spends a budget at twice the speed that lasts",
                    "A whole period at the speed of the last hour would cost twice the limit.",
                    "Whether a backlog is worked off (it ends by itself) or the input has grown.")),
    /** The money is gone. */
    BUDGET_EXHAUSTED(
            "budget-exhausted",
            "budget-state >= degraded",
            "0s",
            Severity.CRITICAL,
            new Words(
                    "has used up a budget",
                    "No more money until the period ends: events wait, are answered without paying,"
                            + " or become dead letters, as atLimit says.",
                    "Raise the limit, or wait for the next period."));

    private final String label;
    private final String when;
    private final String hold;
    private final Severity severity;

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Words words;

    BuiltIn(String label, String when, String hold, Severity severity, Words words) {
        this.label = label;
        this.when = when;
        this.hold = hold;
        this.severity = severity;
        this.words = words;
    }

    /**
     * Its name in files.
     *
     * @return for example {@code no-progress}
     */
    public String label() {
        return label;
    }

    /**
     * Its condition, unless a file gives another.
     *
     * @return as a file would spell it
     */
    public String when() {
        return when;
    }

    /**
     * How long it must hold, unless a file says otherwise.
     *
     * @return as a file would spell it
     */
    public String hold() {
        return hold;
    }

    /**
     * How urgent it is, unless a file says otherwise.
     *
     * @return the severity
     */
    public Severity severity() {
        return severity;
    }

    /**
     * The alert of a name.
     *
     * @param label a name in a file
     * @return the alert, if there is one of this name
     */
    public static Optional<BuiltIn> of(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /**
     * All names.
     *
     * @return names, in order
     */
    public static List<String> labels() {
        return Arrays.stream(values()).map(BuiltIn::label).toList();
    }

    /** Its condition, read. */
    Condition condition() {
        try {
            return Condition.parse(when);
        } catch (ConditionException e) {
            throw new IllegalStateException("a built-in condition is wrong: " + when, e);
        }
    }

    Duration holding() {
        return Duration.ofSeconds((long) Unit.SECONDS.read(hold).orElseThrow());
    }

    Words words() {
        return words;
    }
}
