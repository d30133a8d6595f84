package dev.thac.cost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;

/** Hours, days and months of a zone. */
class PeriodCalendarTest {

    @Test
    void aDayBeginsAtMidnightOfTheDeclaredZone() {
        PeriodCalendar days = calendar(BudgetPeriod.DAY, "Asia/Ho_Chi_Minh");

        Period day = days.period(Instant.parse("2026-11-01T16:59:59Z"));

        assertThat(day)
                .isEqualTo(
                        new Period(
                                Instant.parse("2026-10-31T17:00:00Z"),
                                Instant.parse("2026-11-01T17:00:00Z")));
    }

    @Test
    void aDayHasTwentyThreeOrTwentyFiveHoursWhereTheClocksChange() {
        PeriodCalendar days = calendar(BudgetPeriod.DAY, "Europe/Berlin");

        assertThat(length(days, "2026-03-29T12:00:00Z")).isEqualTo(Duration.ofHours(23));
        assertThat(length(days, "2026-10-25T12:00:00Z")).isEqualTo(Duration.ofHours(25));
        assertThat(length(days, "2026-10-26T12:00:00Z")).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void anHourThatTheClocksShowTwiceIsTwoPeriods() {
        PeriodCalendar hours = calendar(BudgetPeriod.HOUR, "Europe/Berlin");

        assertThat(hours.period(Instant.parse("2026-10-25T00:30:00Z")))
                .isNotEqualTo(hours.period(Instant.parse("2026-10-25T01:30:00Z")));
        assertThat(length(hours, "2026-10-25T00:30:00Z")).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aMonthBeginsOnItsFirstDay() {
        PeriodCalendar months = calendar(BudgetPeriod.MONTH, "America/New_York");

        assertThat(months.period(Instant.parse("2026-03-15T00:00:00Z")))
                .isEqualTo(
                        new Period(
                                Instant.parse("2026-03-01T05:00:00Z"),
                                Instant.parse("2026-04-01T04:00:00Z")));
    }

    @Test
    void periodsOfEveryZoneFollowOneAnotherWithoutGapOrOverlap() {
        for (String zone : ZoneId.getAvailableZoneIds()) {
            for (BudgetPeriod per : BudgetPeriod.values()) {
                PeriodCalendar calendar = calendar(per, zone);
                for (Instant around : interesting(ZoneId.of(zone))) {
                    Period period = calendar.period(around);

                    assertThat(around)
                            .as("%s %s", per, zone)
                            .isBetween(period.start(), period.end().minusNanos(1));
                    assertThat(calendar.period(period.start())).isEqualTo(period);
                    assertThat(calendar.period(period.end().minusNanos(1))).isEqualTo(period);
                    assertThat(calendar.period(period.end()).start()).isEqualTo(period.end());
                }
            }
        }
    }

    /** Moments before, at and after the changes of the clocks in the coming years. */
    private static List<Instant> interesting(ZoneId zone) {
        List<Instant> moments = new ArrayList<>(List.of(Instant.parse("2026-11-01T05:31:00Z")));
        ZoneOffsetTransition change =
                zone.getRules().nextTransition(Instant.parse("2026-01-01T00:00:00Z"));
        for (int i = 0; i < 4 && change != null; i++) {
            for (int minutes = -150; minutes <= 150; minutes += 15) {
                moments.add(change.getInstant().plus(Duration.ofMinutes(minutes)));
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return moments;
    }

    private static Duration length(PeriodCalendar calendar, String at) {
        Period period = calendar.period(Instant.parse(at));
        return Duration.between(period.start(), period.end());
    }

    private static PeriodCalendar calendar(BudgetPeriod per, String zone) {
        return new PeriodCalendar(per, ZoneId.of(zone));
    }
}
