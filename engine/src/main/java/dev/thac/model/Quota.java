package dev.thac.model;

import dev.thac.resilience.Ramp;
import dev.thac.resilience.Ticker;
import dev.thac.resilience.TokenBucket;
import dev.thac.spec.Rate;

import java.time.Duration;
import java.util.Optional;

/**
 * One declared rate of an account, as far as this process may use it: its share of the rate in the
 * file or of what the provider says, whichever is less. So much of it refills continuously, and so
 * much may come at once after a pause; together no more than the share, so that no period sees
 * more. Thread-safe.
 */
final class Quota implements TokenBucket.Allowance {

    /**
     * How a rate is used.
     *
     * @param refill part that refills continuously
     * @param burst part that may come at once
     * @param more what may come at once beyond that
     */
    private record Portion(double refill, double burst, double more) {}

    /**
     * Calls are whole: a bucket that holds almost one more lets none through that is too many. In
     * short periods one in a hundred is kept free for those that threads and networks make late.
     */
    private static final Portion CALLS = new Portion(0.98, 0.02, 0.99);

    private static final Portion CALLS_OF_SECONDS = new Portion(0.98, 0.01, 0.99);
    private static final Duration SHORT = Duration.ofSeconds(10);

    /** Tokens, whose calls are large, may come in larger portions. */
    private static final Portion TOKENS = new Portion(0.97, 0.03, 0);

    /** So much more than the rate a period may see where calls are large. */
    private static final double MOST = 1.02;

    private static final double WEIGHT = 0.1;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Providers that say a limit mean a minute, unless more than that comes back in the time. */
    private static final double MINUTE_SECONDS = 60;

    private static final double NO_MINUTE = 1.5;

    private final Portion portion;
    private final Ramp ramp;
    private final TokenBucket bucket;
    private volatile Optional<Rate> declared;
    private volatile double saidPerSecond = Double.POSITIVE_INFINITY;

    /** What one call takes on average; a lost update does no harm. */
    private volatile double amount;

    private Quota(Optional<Rate> declared, Portion portion, Ramp ramp, Ticker ticker) {
        this.declared = declared;
        this.portion = portion;
        this.ramp = ramp;
        this.bucket = new TokenBucket(this, ticker);
    }

    static Quota calls(Optional<Rate> declared, Ramp ramp, Ticker ticker) {
        boolean seconds = declared.filter(rate -> rate.period().compareTo(SHORT) < 0).isPresent();
        return new Quota(declared, seconds ? CALLS_OF_SECONDS : CALLS, ramp, ticker);
    }

    static Quota tokens(Optional<Rate> declared, Ramp ramp, Ticker ticker) {
        return new Quota(declared, TOKENS, ramp, ticker);
    }

    /** Another rate, once a stricter one is known. */
    void declare(Optional<Rate> other) {
        declared = other;
        bucket.changed();
    }

    /** The share has changed. */
    void changed() {
        bucket.changed();
    }

    boolean limited() {
        return declared.isPresent();
    }

    void acquire(double wanted) throws InterruptedException {
        if (limited()) {
            bucket.acquire(wanted);
        }
    }

    void take(double wanted) {
        if (limited()) {
            bucket.take(wanted);
        }
    }

    /** Learns what a call really used after it had taken something else. */
    void settle(double taken, double used) {
        if (limited()) {
            amount = amount == 0 ? used : amount + WEIGHT * (used - amount);
            bucket.take(used - taken);
        }
    }

    /** Believes the provider where it is stricter; its figures are those of the whole account. */
    void correct(RateLimits.Window said) {
        if (!limited()) {
            return;
        }
        double missing = said.limit() - said.remaining();
        double back = said.untilFull().toNanos() / NANOS_PER_SECOND;
        double perSecond = said.limit() / MINUTE_SECONDS;
        if (missing > 0) { // its times are rounded to seconds
            saidPerSecond =
                    missing / (back + 1) > NO_MINUTE * perSecond
                            ? Double.POSITIVE_INFINITY
                            : perSecond;
        }
        bucket.correct(said.remaining() * ramp.granted(), said.untilFull());
    }

    @Override
    public double perSecond() {
        Rate rate = declared.orElse(null);
        if (rate == null) {
            return 0;
        }
        double count = count(rate);
        double most = count * portion.refill;
        if (portion.more > 0) {
            double whole = Math.floor(count);
            most = whole < 1 ? most : Math.min(most, whole + portion.more - burst(count));
        } else if (amount > 0) {
            double calls = Math.floor(MOST * count / amount);
            most = calls < 1 ? most : Math.min(most, calls * amount);
        }
        return most / seconds(rate.period());
    }

    @Override
    public double most() {
        Rate rate = declared.orElse(null);
        return rate == null ? 0 : burst(count(rate));
    }

    @Override
    public boolean rising() {
        return ramp.rising();
    }

    /** So many a period. */
    private double count(Rate rate) {
        return ramp.share() * Math.min(rate.count(), saidPerSecond * seconds(rate.period()));
    }

    private double burst(double count) {
        return count == 0 ? 0 : count * portion.burst + portion.more;
    }

    private static double seconds(Duration period) {
        return period.toNanos() / NANOS_PER_SECOND;
    }
}
