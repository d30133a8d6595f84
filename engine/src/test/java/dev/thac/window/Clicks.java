package dev.thac.window;

import org.apache.kafka.streams.test.TestRecord;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A made-up log for windows: users click pages, out of order by 0 to 59 s, some records come twice,
 * and some clocks are years ahead.
 *
 * @param stamp the record's timestamp, milliseconds since the epoch
 * @param time when it happened, milliseconds since the epoch
 * @param user who
 * @param page what
 * @param amount how much, in cents
 */
record Clicks(long stamp, long time, String user, String page, long amount) {

    static final long BEGIN = 1_790_000_000_000L;
    static final Duration MAX_AHEAD = Duration.ofHours(1);

    private static final int LATEST = 59_000;
    private static final long YEARS = Duration.ofDays(4_000).toMillis();

    /** An event that is written as it happens. */
    static Clicks of(long time, String user, String page, long amount) {
        return new Clicks(time, time, user, page, amount);
    }

    /** A log of one partition. */
    static List<Clicks> log(Random random, int size, int users, int meanStep) {
        List<Clicks> log = new ArrayList<>();
        long now = BEGIN;
        while (log.size() < size) {
            now += random.nextInt(2 * meanStep);
            long late = random.nextInt(3) == 0 ? random.nextInt(LATEST + 1) : 0;
            boolean ahead = random.nextInt(40) == 0;
            Clicks click =
                    new Clicks(
                            now,
                            ahead ? now + YEARS + random.nextInt(LATEST) : now - late,
                            "user-" + random.nextInt(users),
                            "/" + random.nextInt(7),
                            random.nextInt(100_000));
            log.add(click);
            if (random.nextInt(20) == 0) {
                log.add(click);
            }
        }
        return log;
    }

    /** One more event of nobody, long after the others, so that all windows close. */
    static Clicks end(long after) {
        return of(after, "nobody", "/", 0);
    }

    /** Whether nobody should believe its time. */
    boolean ahead() {
        return time - stamp > MAX_AHEAD.toMillis();
    }

    TestRecord<byte[], byte[]> record() {
        return new TestRecord<>(null, json(), Instant.ofEpochMilli(stamp));
    }

    byte[] json() {
        return String.format(
                        Locale.ROOT,
                        "{\"user\":\"%s\",\"page\":\"%s\",\"amount\":%d.%02d,\"at\":%d}",
                        user,
                        page,
                        amount / 100,
                        amount % 100,
                        time)
                .getBytes(StandardCharsets.UTF_8);
    }
}
