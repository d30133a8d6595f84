package dev.thac.event;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount of US dollars in nano-dollars (one billionth), so that sums over millions of
 * events stay exact.
 *
 * @param nanos nano-USD; may be negative only as a difference
 */
public record Money(long nanos) implements Comparable<Money> {

    /** Nothing. */
    public static final Money ZERO = new Money(0);

    private static final int DECIMALS = 9;

    /**
     * An amount in dollars.
     *
     * @param dollars the amount; digits beyond the ninth decimal are rounded half up
     * @return the same amount
     * @throws ArithmeticException when it does not fit
     */
    public static Money usd(BigDecimal dollars) {
        return new Money(
                dollars.movePointRight(DECIMALS)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact());
    }

    /**
     * The sum.
     *
     * @param other what to add
     * @return this plus {@code other}
     * @throws ArithmeticException on overflow (9.2 billion dollars)
     */
    public Money plus(Money other) {
        return other.nanos == 0 ? this : new Money(Math.addExact(nanos, other.nanos));
    }

    /**
     * Part {@code index} of this amount split into {@code parts} whole nano-dollars: the remainder
     * goes to the first ones, so that the parts add up to the amount exactly.
     *
     * @param index which part, from 0
     * @param parts how many there are
     * @return that part
     */
    public Money share(int index, int parts) {
        return new Money(nanos / parts + (index < nanos % parts ? 1 : 0));
    }

    /**
     * The amount in dollars.
     *
     * @return an exact decimal
     */
    public BigDecimal toUsd() {
        return BigDecimal.valueOf(nanos, DECIMALS);
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(nanos, other.nanos);
    }

    /** Returns, for example, {@code $0.000057}. */
    @Override
    public String toString() {
        BigDecimal dollars = toUsd().stripTrailingZeros();
        return "$" + (dollars.scale() < 2 ? dollars.setScale(2) : dollars).toPlainString();
    }
}
