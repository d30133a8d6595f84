package dev.thac.cost;

import java.util.Locale;

/**
 * Why money was not spent. Every figure but the last is an estimate from what the same run measured
 * on the same day, for one analysis; where nothing was measured there is none. A call whose price
 * is unknown counts as zero here, so that figures are too small rather than too large.
 */
public enum Saving {
    /**
     * Events that a rule decided before anything was paid for them, times the mean price of an
     * event that went to the models of this analysis (all its calls, retries and later tiers
     * included).
     */
    RULES,
    /** The same for events that the cache decided. */
    CACHE,
    /**
     * Events that a model before the last one decided, times the mean price that an event paid at
     * the last one; minus everything paid to the models before the last one, for escalated events
     * too. That is the difference to asking the last model at once. It is negative where
     * escalations cost more than they spare.
     */
    CASCADE,
    /**
     * For every call with usable answers: what the instructions and the answer schema cost in it,
     * times the usable answers beyond the first: so often they were not sent again. Their part of
     * the call's input is estimated by the length of the texts.
     */
    BATCHING,
    /**
     * For every call, what its input would have cost had the provider's prompt cache had no part in
     * it, minus what it cost. Exact, not estimated; negative where more was written to the cache
     * than was read from it.
     */
    PROMPT_CACHE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /**
     * The metric label.
     *
     * @return for example {@code rules}
     */
    public String label() {
        return label;
    }
}
