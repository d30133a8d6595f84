package dev.thac.plan;

import java.util.Optional;

/**
 * A straight line through points, by least squares.
 *
 * @param at0 its value at 0
 * @param slope its rise
 */
record Line(double at0, double slope) {

    private static final double LEAST_SPREAD = 0.05;

    /**
     * The line; empty where the points lie too close together to tell, or it would fall or start
     * below 0.
     */
    static Optional<Line> through(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        if (x.length < 4 || Math.sqrt(xx / x.length) <= LEAST_SPREAD * Math.abs(meanX)) {
            return Optional.empty();
        }
        Line line = new Line(meanY - xy / xx * meanX, xy / xx);
        return line.slope < 0 || line.at0 < 0 ? Optional.empty() : Optional.of(line);
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? 0 : sum / values.length;
    }
}
