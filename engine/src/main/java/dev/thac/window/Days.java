package dev.thac.window;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Windows of whole days, each so many days after the one before, from midnight to midnight of a
 * zone: where clocks change, a day has 23 or 25 hours. Weeks begin on Monday.
 *
 * @param size days of a window
 * @param every days from one to the next; no more than the size
 * @param zone whose midnight
 */
record Days(long size, long every, ZoneId zone) implements Frame.Aligned {

    /** 5 January 1970, in days since the epoch. */
    private static final long MONDAY = 4;

    @Override
    public long first(long time) {
        long day = day(time);
        long newest = grid(day);
        return begin(newest - (size - 1 - (day - newest)) / every * every);
    }

    @Override
    public long next(long start) {
        return begin(grid(day(start)) + every);
    }

    @Override
    public boolean late(long time, long grace, long watermark) {
        return closes(begin(grid(day(time))), time, grace) <= watermark;
    }

    @Override
    public long end(long start, long last) {
        return begin(grid(day(start)) + size);
    }

    /** The first day of the newest window that has begun on a day. */
    private long grid(long day) {
        return Math.floorDiv(day - MONDAY, every) * every + MONDAY;
    }

    /** The last day that has begun. Where clocks go back past midnight, a date comes twice. */
    private long day(long time) {
        long day = Instant.ofEpochMilli(time).atZone(zone).toLocalDate().toEpochDay();
        while (begin(day + 1) <= time) {
            day++;
        }
        return day;
    }

    private long begin(long day) {
        return LocalDate.ofEpochDay(day).atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
