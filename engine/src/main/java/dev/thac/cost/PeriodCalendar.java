package dev.thac.cost;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Which period an instant belongs to. Days and months begin where the calendar of the zone says:
 * with daylight saving a day has 23 or 25 hours, and one whose midnight is skipped begins after the
 * gap. An hour of the clock ends early where the clock is changed; one that it shows twice is two
 * periods.
 *
 * @param per how long a period is
 * @param zone whose calendar
 */
public record PeriodCalendar(BudgetPeriod per, ZoneId zone) {

    /**
     * The period of an instant.
     *
     * @param at any instant
     * @return the one period that contains it
     */
    public Period period(Instant at) {
        LocalDate day = at.atZone(zone).toLocalDate();
        LocalDate first = day.withDayOfMonth(1);
        return switch (per) {
            case HOUR -> hour(at);
            case DAY -> new Period(midnight(day), midnight(day.plusDays(1)));
            case MONTH -> new Period(midnight(first), midnight(first.plusMonths(1)));
        };
    }

    /** From full hour to full hour of the local clock, or to where the clock is changed. */
    private Period hour(Instant at) {
        ZoneRules rules = zone.getRules();
        Instant start = at.atOffset(rules.getOffset(at)).truncatedTo(ChronoUnit.HOURS).toInstant();
        Instant end = start.plus(1, ChronoUnit.HOURS);
        ZoneOffsetTransition before = rules.previousTransition(at.plusNanos(1));
        ZoneOffsetTransition after = rules.nextTransition(at);
        if (before != null && before.getInstant().isAfter(start)) {
            start = before.getInstant();
        }
        if (after != null && after.getInstant().isBefore(end)) {
            end = after.getInstant();
        }
        return new Period(start, end);
    }

    private Instant midnight(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
