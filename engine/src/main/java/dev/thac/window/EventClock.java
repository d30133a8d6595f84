package dev.thac.window;

import dev.thac.spec.CelText;

import java.time.Duration;
import java.util.Optional;

/**
 * Where events have their time from, and how far it is believed.
 *
 * @param time what {@code source.time} says; left out, the record's timestamp
 * @param maxAhead how far ahead of its record's timestamp an event may be
 */
public record EventClock(Optional<CelText> time, Duration maxAhead) {

    /**
     * One that believes everything.
     *
     * @param time what {@code source.time} says
     * @return the clock
     */
    public static EventClock trusting(Optional<CelText> time) {
        return new EventClock(time, Duration.ofMillis(Long.MAX_VALUE));
    }
}
