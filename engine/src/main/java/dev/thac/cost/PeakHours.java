package dev.thac.cost;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/**
 * When a provider's peak prices hold. Public holidays on which it charges less are not known here:
 * those days count as peak, so that spend is never understated.
 *
 * @param zone the clock of the windows
 * @param windows peak times; outside them the off-peak price holds
 */
record PeakHours(ZoneId zone, List<Window> windows) {

    PeakHours {
        windows = List.copyOf(windows);
    }

    /**
     * One daily window.
     *
     * @param days on which days
     * @param from its first moment
     * @param to its end, not included
     */
    record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

        boolean contains(ZonedDateTime time) {
            LocalTime clock = time.toLocalTime();
            return days.contains(time.getDayOfWeek())
                    && !clock.isBefore(from)
                    && clock.isBefore(to);
        }
    }

    boolean contain(Instant at) {
        ZonedDateTime local = at.atZone(zone);
        return windows.stream().anyMatch(window -> window.contains(local));
    }
}
