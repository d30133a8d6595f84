package dev.thac.plan;

/** Shares of a whole. */
final class Shares {

    private static final double Z95 = 1.96;

    private Shares() {}

    static void check(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "the share " + what + " lies between 0 and 1: " + share);
        }
    }

    /** The 95 % interval of a share found in a sample, for people. */
    static String interval(double share, long of) {
        return of == 0
                ? ""
                : String.format(
                        java.util.Locale.ROOT,
                        " (+-%.1f)",
                        100 * Z95 * Math.sqrt(share * (1 - share) / of));
    }
}
