package dev.thac.plan;

/** Shares of a whole. */
final class Shares {

    private Shares() {}

    static void check(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "the share " + what + " lies between 0 and 1: " + share);
        }
    }
}
