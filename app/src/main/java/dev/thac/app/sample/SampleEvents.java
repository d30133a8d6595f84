package dev.thac.app.sample;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Made-up events without end, as topics get them: they come at random distances, most reach the
 * topic within a second but some up to 59 seconds after they happened, a few twice with the same
 * bytes, a few cut off, and now and then in a burst that has something in common. The same
 * arguments give the same bytes. Not thread-safe.
 */
public final class SampleEvents {

    /** When made-up events begin, where nobody says otherwise. */
    public static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    /** Users, where nobody says otherwise. */
    public static final int USERS = 1000;

    private static final double TWICE = 0.01;
    private static final double DELAYED = 0.12;
    private static final double LATE = 0.03;
    private static final int MOST_DELAYED_MILLIS = 9_999;
    private static final int LATEST_MILLIS = 59_000;
    private static final int FIRST_BURST = 150;
    private static final int BURST_AFTER_FEWEST = 1_500;
    private static final int BURST_AFTER_MOST = 3_000;
    private static final Duration AGAIN_WITHIN = Duration.ofSeconds(20);

    private final SampleKind kind;
    private final double rate;
    private final EventMaker maker;
    private final Dice dice;
    private final PriorityQueue<SampleEvent> again =
            new PriorityQueue<>(Comparator.comparing(SampleEvent::sent));

    private Instant nextUsual;
    private @Nullable Instant nextOfBurst;
    private int burstAfter = FIRST_BURST;
    private int leftOfBurst;

    /**
     * Events of a kind.
     *
     * @param kind what they are
     * @param seed any number
     * @param start when the first one comes, about
     * @param rate events a second on average, without bursts and repetitions
     * @param users how many users, customers or authors there are
     */
    public SampleEvents(SampleKind kind, long seed, Instant start, double rate, int users) {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("rate must be a number above 0, not " + rate);
        }
        if (users < 1) {
            throw new IllegalArgumentException("users must be at least 1, not " + users);
        }
        this.kind = kind;
        this.rate = rate;
        this.maker = kind.maker(seed, users);
        this.dice = new Dice(~seed);
        this.nextUsual = start;
        advance();
    }

    /**
     * The next event that reaches the topic.
     *
     * @return the event
     */
    public SampleEvent next() {
        Instant burst = nextOfBurst;
        Instant sent = burst != null && burst.isBefore(nextUsual) ? burst : nextUsual;
        SampleEvent repeated = again.peek();
        if (repeated != null && repeated.sent().isBefore(sent)) {
            again.remove();
            return repeated;
        }
        SampleEvent event = sent.equals(burst) ? ofBurst(sent) : usual(sent);
        if (dice.once(TWICE)) {
            Duration later = Duration.ofMillis(dice.between(1, (int) AGAIN_WITHIN.toMillis()));
            again.add(new SampleEvent(event.key(), event.time(), sent.plus(later), event.value()));
        }
        return event;
    }

    private SampleEvent usual(Instant sent) {
        Instant time = sent.minusMillis(delayMillis());
        SampleEvent event = event(maker.usual(time), time, sent);
        advance();
        if (nextOfBurst == null && --burstAfter <= 0) {
            leftOfBurst = dice.between(kind.burst().fewest(), kind.burst().most());
            maker.beginBurst();
            nextOfBurst = nextUsual.plusNanos(1);
        }
        return event;
    }

    private SampleEvent ofBurst(Instant sent) {
        Instant time = sent.minusMillis(dice.between(0, 99));
        SampleEvent event = event(maker.ofBurst(time), time, sent);
        if (--leftOfBurst > 0) {
            nextOfBurst =
                    sent.plusMillis(
                            dice.between(
                                    kind.burst().shortestMillis(), kind.burst().longestMillis()));
        } else {
            nextOfBurst = null;
            burstAfter = dice.between(BURST_AFTER_FEWEST, BURST_AFTER_MOST);
        }
        return event;
    }

    private SampleEvent event(EventMaker.Draft draft, Instant time, Instant sent) {
        String line = draft.line();
        boolean cutOff = dice.once(kind.broken());
        return new SampleEvent(
                draft.key(), time, sent, cutOff ? line.substring(0, line.length() * 2 / 3) : line);
    }

    private int delayMillis() {
        double fate = dice.share();
        if (fate < LATE) {
            return dice.between(MOST_DELAYED_MILLIS + 1, LATEST_MILLIS);
        }
        return fate < LATE + DELAYED
                ? dice.between(1_000, MOST_DELAYED_MILLIS)
                : dice.between(0, 999);
    }

    private void advance() {
        nextUsual = nextUsual.plusNanos((long) (dice.distance() / rate * 1e9));
    }
}
