package dev.thac.cascade;

/** A confidence beside its threshold, in as few digits as tell them apart. */
final class Comparison {

    private static final int CENTS = 100;

    private static final double ROUNDING = 1e-9;

    private Comparison() {}

    /** For example {@code confidence 0.62 < 0.70}. */
    static String text(double confidence, double least) {
        boolean enough = confidence >= least;
        long shown = Math.round(confidence * CENTS);
        long needed = Math.round(least * CENTS);
        String sign = enough ? " >= " : " < ";
        if ((shown >= needed) != enough || Math.abs(needed - least * CENTS) > ROUNDING) {
            return "confidence " + confidence + sign + least;
        }
        return "confidence " + cents(shown) + sign + cents(needed);
    }

    private static String cents(long hundredths) {
        long cents = hundredths % CENTS;
        return hundredths / CENTS + (cents < 10 ? ".0" : ".") + cents;
    }
}
