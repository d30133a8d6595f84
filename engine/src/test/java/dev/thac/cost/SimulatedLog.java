package dev.thac.cost;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * The log that simulated instances share. Appends arrive late, twice, out of order or never, and
 * nobody is told which.
 */
final class SimulatedLog {

    private final List<Entry> entries = new ArrayList<>();
    private final Random random;
    private final boolean faults;
    private final int lost;

    /** A record in its place, with the time of its owner's clock. */
    record Entry(String key, byte[] value, String owner, Instant written) {}

    /** Does something later. */
    interface Schedule {
        void in(long millis, Runnable action);
    }

    SimulatedLog(Random random, boolean faults, int lost) {
        this.random = random;
        this.faults = faults;
        this.lost = lost;
    }

    List<Entry> entries() {
        return entries;
    }

    /** The first record that can have been written at a time or later. */
    int from(Instant since) {
        for (int i = 0; i < entries.size(); i++) {
            if (!entries.get(i).written().isBefore(since)) {
                return i;
            }
        }
        return entries.size();
    }

    /** What becomes of an append; {@code when} hears after how long it arrives, every time. */
    void append(Entry entry, Schedule schedule) {
        LongConsumer arrives = millis -> schedule.in(millis, () -> entries.add(entry));
        int fate = faults ? random.nextInt(1000) : 999;
        if (random.nextInt(1000) < lost) {
            return;
        }
        if (fate < 5) { // long after its owner has given it up
            arrives.accept(65_000 + random.nextInt(10_000));
        } else if (fate < 20) { // after its owner has begun to doubt
            arrives.accept(5_000 + random.nextInt(4_000));
        } else {
            arrives.accept(1 + random.nextInt(20));
        }
        if (fate >= 20 && fate < 50) { // twice
            arrives.accept(1 + random.nextInt(3_000));
        }
    }
}
