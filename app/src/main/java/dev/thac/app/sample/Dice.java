package dev.thac.app.sample;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Choices from a seed, the same on every machine. Not thread-safe. */
final class Dice {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final RandomGenerator random;

    Dice(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Between 0 and 1. */
    double share() {
        return random.nextDouble();
    }

    /** True as often as the share says. */
    boolean once(double share) {
        return random.nextDouble() < share;
    }

    /** From the first to the last number, both included. */
    int between(int first, int last) {
        return first + random.nextInt(last - first + 1);
    }

    /** Any of a list. */
    <T> T any(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Any of a list, the first ones far more often. */
    <T> T popular(List<T> from) {
        double share = random.nextDouble();
        return from.get((int) (share * share * from.size()));
    }

    /** The time to the next of many independent events, in units of their mean distance. */
    double distance() {
        return -StrictMath.log(1 - random.nextDouble());
    }

    /** A time as values say it: always with milliseconds. */
    static String text(Instant time) {
        return TIME.format(time);
    }
}
