package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * What a million tokens of each kind cost, in nano-USD. Whole nano-USD per million tokens are exact
 * for every published price (a price of $0.000000001 per million is the smallest that fits).
 *
 * @param input not cached
 * @param cacheRead read from the cache
 * @param cacheWrite written to the cache for its usual time
 * @param cacheWriteLong written to the cache for longer
 * @param output thinking included
 */
record Tariff(long input, long cacheRead, long cacheWrite, long cacheWriteLong, long output) {

    private static final int DECIMALS = 9;
    private static final long MILLION = 1_000_000;

    Tariff {
        if (Math.min(
                        Math.min(input, output),
                        Math.min(cacheRead, Math.min(cacheWrite, cacheWriteLong)))
                < 0) {
            throw new IllegalArgumentException("a price must not be negative");
        }
    }

    /** USD per million tokens as nano-USD per million tokens; more than nine decimals round up. */
    static long nanos(BigDecimal usdPerMillion) {
        return usdPerMillion
                .movePointRight(DECIMALS)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    long of(TokenKind kind) {
        return switch (kind) {
            case INPUT -> input;
            case CACHE_READ -> cacheRead;
            case CACHE_WRITE -> cacheWrite;
            case CACHE_WRITE_LONG -> cacheWriteLong;
            case OUTPUT, THINKING -> output;
        };
    }

    /**
     * The cost of a usage: the kinds are summed exactly and only the sum is rounded, up to a whole
     * nano-dollar, so that spend is never understated.
     */
    Money cost(TokenUsage usage) {
        long sum = 0;
        for (TokenKind kind : TokenKind.values()) {
            long tokens = kind.of(usage);
            if (Math.multiplyHigh(tokens, of(kind)) != 0) {
                return exactCost(usage);
            }
            sum += tokens * of(kind);
            if (sum < 0 || tokens * of(kind) < 0) {
                return exactCost(usage);
            }
        }
        return new Money(Math.ceilDiv(sum, MILLION));
    }

    private Money exactCost(TokenUsage usage) {
        BigInteger sum = BigInteger.ZERO;
        for (TokenKind kind : TokenKind.values()) {
            sum =
                    sum.add(
                            BigInteger.valueOf(kind.of(usage))
                                    .multiply(BigInteger.valueOf(of(kind))));
        }
        BigInteger[] parts = sum.divideAndRemainder(BigInteger.valueOf(MILLION));
        BigInteger nanos = parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
        return new Money(nanos.longValueExact());
    }

    /** The dearest way in which input can be charged. */
    long dearestInput() {
        return Math.max(Math.max(input, cacheRead), Math.max(cacheWrite, cacheWriteLong));
    }

    /** Every price times a factor; what is less than a nano-dollar rounds up. */
    Tariff times(BigDecimal factor) {
        return times(factor, factor);
    }

    /** Prices of input and of output times a factor each; what is less rounds up. */
    Tariff times(BigDecimal inputs, BigDecimal outputs) {
        return new Tariff(
                times(input, inputs),
                times(cacheRead, inputs),
                times(cacheWrite, inputs),
                times(cacheWriteLong, inputs),
                times(output, outputs));
    }

    private static long times(long nanos, BigDecimal factor) {
        return factor.multiply(BigDecimal.valueOf(nanos))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    Tariff max(Tariff other) {
        return new Tariff(
                Math.max(input, other.input),
                Math.max(cacheRead, other.cacheRead),
                Math.max(cacheWrite, other.cacheWrite),
                Math.max(cacheWriteLong, other.cacheWriteLong),
                Math.max(output, other.output));
    }
}
