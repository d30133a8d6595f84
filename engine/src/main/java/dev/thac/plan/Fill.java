package dev.thac.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * How full batches get. A batch opens with its first event and closes with its last or when that
 * first one has waited long enough; so with independent arrivals its mean size is {@code 1 +
 * E[min(N - 1, Poisson(rate x T))]}.
 */
final class Fill {

    private static final double FAR = 12;

    private Fill() {}

    /**
     * The mean number of events in a batch.
     *
     * @param perSecond events per second that one batcher is given
     * @param size most events in a batch
     * @param longestWait longest wait of the first one; empty: a batch always fills
     */
    static double achieved(double perSecond, int size, Optional<Duration> longestWait) {
        if (longestWait.isEmpty() || size <= 1) {
            return size;
        }
        return 1 + meanOfLesser(size - 1, perSecond * seconds(longestWait.get()));
    }

    /** How long a batch would have to wait to be full on average, in seconds. */
    static double waitToFill(double perSecond, int size) {
        return perSecond <= 0 ? Double.POSITIVE_INFINITY : (size - 1) / perSecond;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** E[min(most, X)] for a Poisson X: the sum of P(X > k) for k below {@code most}. */
    private static double meanOfLesser(int most, double mean) {
        if (mean <= 0) {
            return 0;
        }
        if (mean - FAR * Math.sqrt(mean) > most) {
            return most;
        }
        double sum = 0;
        double below = 0;
        double logarithm = -mean;
        for (int k = 0; k < most; k++) {
            below += Math.exp(logarithm);
            sum += Math.max(0, 1 - below);
            logarithm += Math.log(mean) - Math.log(k + 1.0);
        }
        return sum;
    }
}
