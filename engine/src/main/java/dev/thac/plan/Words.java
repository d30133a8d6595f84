package dev.thac.plan;

import java.util.Locale;

/** Figures in sentences. */
final class Words {

    private static final double HUNDRED = 100;
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;

    private Words() {}

    static String percent(double share) {
        double percent = share * HUNDRED;
        return String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f" : "%.1f", percent)
                + " %";
    }

    static String usd(double usd) {
        if (usd != 0 && Math.abs(usd) < 0.01) {
            return String.format(Locale.ROOT, "$%.6f", usd);
        }
        return String.format(Locale.ROOT, "$%,.2f", usd);
    }

    static String number(double value) {
        if (Math.abs(value) >= HUNDRED || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }

    static String seconds(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
        }
        if (seconds < 2 * MINUTE) {
            return number(seconds) + " s";
        }
        if (seconds < 2 * HOUR) {
            return number(seconds / MINUTE) + " min";
        }
        return number(seconds / HOUR) + " h";
    }
}
