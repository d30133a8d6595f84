package dev.thac.event;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Compares the numbers of a tree by exact value, whatever their types. A {@code Double} stands for
 * its shortest decimal, which is what the JSON said: {@code 0.1} is one tenth.
 */
public final class Numbers {

    /** Up to here every whole number is a {@code double} too. */
    private static final long EXACT_DOUBLE = 1L << 53;

    private Numbers() {}

    /**
     * Whether two numbers are equal.
     *
     * @param a a {@code Long}, {@code Double}, {@code BigInteger} or {@code BigDecimal}
     * @param b another
     * @return true when their values are the same; never for NaN
     */
    public static boolean equal(Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x.longValue() == y.longValue();
        }
        return !isNaN(a) && !isNaN(b) && compare(a, b) == 0;
    }

    /**
     * Whether a number is NaN, which compares with nothing.
     *
     * @param number any number
     * @return true for NaN
     */
    public static boolean isNaN(Number number) {
        return number instanceof Double d && d.isNaN();
    }

    /**
     * Compares two numbers, neither of them NaN.
     *
     * @param a a {@code Long}, {@code Double}, {@code BigInteger} or {@code BigDecimal}
     * @param b another
     * @return negative, zero or positive as {@code a} is less than, equal to or greater than {@code
     *     b}
     */
    public static int compare(Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        if (a instanceof Long x && b instanceof Double y) {
            return compare(x.longValue(), y.doubleValue());
        }
        if (a instanceof Double x && b instanceof Long y) {
            return -compare(y.longValue(), x.doubleValue());
        }
        if (a instanceof Double x && x.isInfinite()) {
            return x > 0 ? 1 : -1;
        }
        if (b instanceof Double y && y.isInfinite()) {
            return y > 0 ? -1 : 1;
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static int compare(long a, double b) {
        if ((a <= EXACT_DOUBLE && a >= -EXACT_DOUBLE) || Double.isInfinite(b)) {
            double x = a;
            return x < b ? -1 : x > b ? 1 : 0;
        }
        return BigDecimal.valueOf(a).compareTo(BigDecimal.valueOf(b));
    }

    private static BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal exact -> exact;
            case BigInteger exact -> new BigDecimal(exact);
            case Double d -> BigDecimal.valueOf(d);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }
}
