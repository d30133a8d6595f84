package dev.thac.app.plan;

import java.util.Locale;
import java.util.OptionalDouble;

/** Amounts as they are printed. */
final class Amounts {

    private Amounts() {}

    static String usd(OptionalDouble usd) {
        return usd.isEmpty() ? "unknown" : usd(usd.getAsDouble());
    }

    static String usd(double usd) {
        double size = Math.abs(usd);
        int decimals = size == 0 || size >= 1 ? 2 : size >= 0.01 ? 4 : 8;
        return String.format(Locale.ROOT, "$%,." + decimals + "f", usd);
    }

    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    static String seconds(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.0f ms", seconds * 1000)
                : String.format(Locale.ROOT, "%,.1f s", seconds);
    }
}
