package dev.thac.bench;

import java.util.List;

/**
 * Several measurements of one thing.
 *
 * @param median the middle one; the mean of the two in the middle where they are even in number
 * @param min the smallest
 * @param max the largest
 */
record Spread(double median, double min, double max) {

    /** Of at least one value. */
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median =
                sorted.size() % 2 == 1
                        ? sorted.get(middle)
                        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }
}
