package dev.thac.window;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A made-up log for windows: users click pages, out of order by 0 to 59 s, and some records come
 * twice.
 *
 * @param time when it happened, milliseconds since the epoch
 * @param user who
 * @param page what
 * @param amount how much, in cents
 */
record Clicks(long time, String user, String page, long amount) {

    static final long BEGIN = 1_790_000_000_000L;
    private static final int LATEST = 59_000;

    /** A log of one partition. */
    static List<Clicks> log(Random random, int size, int users, int meanStep) {
        List<Clicks> log = new ArrayList<>();
        long now = BEGIN;
        while (log.size() < size) {
            now += random.nextInt(2 * meanStep);
            long late = random.nextInt(3) == 0 ? random.nextInt(LATEST + 1) : 0;
            Clicks click =
                    new Clicks(
                            now - late,
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
        return new Clicks(after, "nobody", "/", 0);
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
