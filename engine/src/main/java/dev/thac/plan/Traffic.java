package dev.thac.plan;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;

/**
 * How many events come, and at which hours.
 *
 * @param eventsPerDay events of the source in a day
 * @param profile the share of the day's events in each of its 24 hours; the shares add up to 1
 * @param zone whose hours they are
 * @param instances how many processes share the events evenly; each gathers batches of its own
 */
public record Traffic(double eventsPerDay, List<Double> profile, ZoneId zone, int instances) {

    /** Hours of a day. */
    public static final int HOURS = 24;

    private static final double SECONDS_PER_HOUR = 3600;

    /** Turns weights into shares. */
    public Traffic {
        if (!(eventsPerDay >= 0) || Double.isInfinite(eventsPerDay)) {
            throw new IllegalArgumentException("a rate is 0 or more: " + eventsPerDay);
        }
        if (profile.size() != HOURS) {
            throw new IllegalArgumentException(
                    "a daily profile has 24 numbers, not " + profile.size());
        }
        double sum = 0;
        for (double weight : profile) {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("a daily profile has no " + weight);
            }
            sum += weight;
        }
        if (sum <= 0) {
            throw new IllegalArgumentException("a daily profile needs an hour with events");
        }
        if (instances < 1) {
            throw new IllegalArgumentException("at least one instance: " + instances);
        }
        double whole = sum;
        profile = profile.stream().map(weight -> weight / whole).toList();
    }

    /**
     * The same rate at all hours, in one process.
     *
     * @param eventsPerDay events in a day
     * @return the traffic
     */
    public static Traffic flat(double eventsPerDay) {
        return new Traffic(eventsPerDay, Collections.nCopies(HOURS, 1.0), ZoneOffset.UTC, 1);
    }

    /**
     * Events of one hour of the day.
     *
     * @param hour 0 to 23
     * @return their mean number
     */
    public double perHour(int hour) {
        return eventsPerDay * profile.get(hour);
    }

    /**
     * The mean rate over the day.
     *
     * @return events per second
     */
    public double perSecond() {
        return eventsPerDay / (HOURS * SECONDS_PER_HOUR);
    }

    /**
     * The share of the day's events that come in its busiest hour.
     *
     * @return 1/24 when all hours are alike
     */
    public double peakShare() {
        return Collections.max(profile);
    }

    /**
     * What one process sees of a stream in an hour.
     *
     * @param eventsPerDay events of that stream in a day, over all processes
     * @param hour 0 to 23
     * @return events per second in one process
     */
    double perSecondAndInstance(double eventsPerDay, int hour) {
        return eventsPerDay * profile.get(hour) / SECONDS_PER_HOUR / instances;
    }
}
