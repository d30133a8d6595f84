package dev.thac.bench;

/**
 * A bar of the design and what was measured.
 *
 * @param what what is compared
 * @param atMost whether the value must stay below the limit instead of reaching it
 * @param limit the bar
 * @param value the measurement
 * @param unit of both; may be empty
 */
record Bar(String what, boolean atMost, double limit, double value, String unit) {

    static Bar atLeast(String what, double limit, double value) {
        return new Bar(what, false, limit, value, "");
    }

    boolean passed() {
        return atMost ? value <= limit : value >= limit;
    }
}
