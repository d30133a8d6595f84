package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The price of one model in one period of validity. Immutable. Amounts are exact: see {@link
 * #cost}.
 */
public final class Price {

    /** No charge, for models of one's own. */
    public static final Price FREE =
            new Price(new Tariff(0, 0, 0, 0, 0), List.of(), null, null, "free");

    private final Tariff standard;
    private final List<Step> steps;
    private final @Nullable Tariff offPeak;
    private final @Nullable PeakHours peak;
    private final String source;
    private final BigDecimal batchDiscount;

    /**
     * Another tariff for large requests.
     *
     * @param aboveInputTokens holds for requests with more input than this, whole
     * @param tariff what holds then
     */
    record Step(long aboveInputTokens, Tariff tariff) {}

    Price(
            Tariff standard,
            List<Step> steps,
            @Nullable Tariff offPeak,
            @Nullable PeakHours peak,
            String source) {
        this(standard, steps, offPeak, peak, source, BigDecimal.ZERO);
    }

    private Price(
            Tariff standard,
            List<Step> steps,
            @Nullable Tariff offPeak,
            @Nullable PeakHours peak,
            String source,
            BigDecimal batchDiscount) {
        this.batchDiscount = batchDiscount;
        this.standard = standard;
        this.steps = List.copyOf(steps);
        this.offPeak = offPeak;
        this.peak = peak;
        this.source = source;
    }

    /**
     * The price a user wrote down. Left out, the cache costs what input costs.
     *
     * @param spec what was written
     * @return the price; empty when input or output is missing and it is not {@code free}, for an
     *     incomplete price is an unknown one
     */
    public static Optional<Price> of(PriceSpec spec) {
        if (spec.free()) {
            return Optional.of(FREE);
        }
        if (spec.input().isEmpty() || spec.output().isEmpty()) {
            return Optional.empty();
        }
        double input = spec.input().get();
        return Optional.of(
                new Price(
                        new Tariff(
                                nanos(input),
                                nanos(spec.cacheRead().orElse(input)),
                                nanos(spec.cacheWrite().orElse(input)),
                                nanos(spec.cacheWriteLong().or(spec::cacheWrite).orElse(input)),
                                nanos(spec.output().get())),
                        List.of(),
                        null,
                        null,
                        "the model's own price"));
    }

    /**
     * What a call cost. The products of tokens and prices are summed exactly; only the sum is
     * rounded, up to a whole nano-dollar. A request whose whole input (cache included) passes a
     * bound of the price is charged at the price above it, whole.
     *
     * @param usage the tokens of one call
     * @param at when it was made, for prices that depend on the hour
     * @return the cost
     */
    public Money cost(TokenUsage usage, Instant at) {
        return tariff(usage.allInput(), at).cost(usage);
    }

    /**
     * The cost of a call by kind of token: whole nano-dollars that add up to {@link #cost} exactly.
     * What the one rounding of the sum added goes to the kinds with the largest fractions.
     *
     * @param usage the tokens of one call
     * @param at when it was made
     * @return an amount for every kind, zero where there were no tokens
     */
    public Map<TokenKind, Money> costByKind(TokenUsage usage, Instant at) {
        Tariff tariff = tariff(usage.allInput(), at);
        return Portions.of(
                tariff.cost(usage),
                kind ->
                        BigInteger.valueOf(kind.of(usage))
                                .multiply(BigInteger.valueOf(tariff.of(kind))));
    }

    /**
     * The price at the provider's batch endpoint, which answers within a day for less.
     *
     * @return the price; empty where the provider has no such endpoint or its discount is unknown
     */
    public Optional<Price> inBatches() {
        if (batchDiscount.signum() == 0) {
            return Optional.empty();
        }
        BigDecimal rest = BigDecimal.ONE.subtract(batchDiscount);
        return Optional.of(
                new Price(
                        standard.times(rest),
                        steps.stream()
                                .map(
                                        step ->
                                                new Step(
                                                        step.aboveInputTokens(),
                                                        step.tariff().times(rest)))
                                .toList(),
                        offPeak == null ? null : offPeak.times(rest),
                        peak,
                        source + ", in batches"));
    }

    /** The same with what the provider takes off for its batch endpoint. */
    Price withBatchDiscount(BigDecimal discount) {
        return new Price(standard, steps, offPeak, peak, source, discount);
    }

    /**
     * What a million tokens of a kind cost at worst: the highest over request sizes and hours.
     *
     * @param kind which kind
     * @return the amount per million tokens
     */
    public Money worstPerMillion(TokenKind kind) {
        return new Money(worst().of(kind));
    }

    /**
     * What a call can cost at worst: all its input at the dearest way input can be charged, all the
     * output it may make.
     *
     * @param inputTokens upper bound of its input
     * @param outputTokens most output tokens, thinking included
     * @return an upper bound of its cost
     */
    public Money worstCost(long inputTokens, long outputTokens) {
        Tariff worst = worst();
        long input = worst.dearestInput();
        return new Tariff(input, input, input, input, worst.output())
                .cost(new TokenUsage(inputTokens, 0, 0, outputTokens, 0));
    }

    /**
     * What a million tokens of a kind cost in a small request at peak hours: the figure people
     * quote.
     *
     * @param kind which kind
     * @return the amount per million tokens
     */
    public Money perMillion(TokenKind kind) {
        return new Money(standard.of(kind));
    }

    /**
     * What a million tokens of a kind cost in a request of a given size at a given time.
     *
     * @param kind which kind
     * @param requestInput input tokens of the whole request, cache included
     * @param at when
     * @return the amount per million tokens
     */
    public Money perMillion(TokenKind kind, long requestInput, Instant at) {
        return new Money(tariff(requestInput, at).of(kind));
    }

    /**
     * Whether it charges nothing at all.
     *
     * @return true for {@code free} models
     */
    public boolean free() {
        Tariff worst = worst();
        return worst.dearestInput() == 0 && worst.output() == 0;
    }

    /**
     * Where the price was found, and of which day.
     *
     * @return one line
     */
    public String source() {
        return source;
    }

    /**
     * All its figures, to compare it with another price.
     *
     * @return one line, in nano-USD per million tokens
     */
    public String figures() {
        return standard
                + (steps.isEmpty() ? "" : ", steps " + steps)
                + (offPeak == null ? "" : ", off-peak " + offPeak + " outside " + peak)
                + (batchDiscount.signum() == 0 ? "" : ", batches -" + batchDiscount);
    }

    private Tariff tariff(long input, Instant at) {
        Tariff base = offPeak != null && peak != null && !peak.contain(at) ? offPeak : standard;
        for (Step step : steps) {
            if (input > step.aboveInputTokens()) {
                base = step.tariff();
            }
        }
        return base;
    }

    private Tariff worst() {
        Tariff worst = offPeak == null ? standard : standard.max(offPeak);
        for (Step step : steps) {
            worst = worst.max(step.tariff());
        }
        return worst;
    }

    private static long nanos(double usdPerMillion) {
        return Tariff.nanos(BigDecimal.valueOf(usdPerMillion));
    }
}
