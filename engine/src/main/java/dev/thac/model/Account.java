package dev.thac.model;

import dev.thac.event.TokenUsage;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.ConcurrencyLimit;
import dev.thac.resilience.Pace;
import dev.thac.resilience.Ramp;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * A provider account as one of its models sees it: the breaker, the concurrency and the rates.
 * Providers keep their limits per model (or family) of an account, and one model can be overloaded
 * while others are not; so the key is provider, URL, key reference and model id, and two names in
 * the file with the same key share one account. Where their limits differ, the stricter holds.
 *
 * <p>A call goes through the breaker, waits for a place and for the rates, and looks at the breaker
 * again: those who waited in the queues when it opened go back and wait there. Thread-safe.
 */
final class Account {

    /** Identity. */
    record Key(Provider provider, URI url, String keyReference, String model) {}

    /** Of the last 20 results ten failures, or eight in a row, open the breaker. */
    private static final int WINDOW = 20;

    private static final int THRESHOLD = 10;
    private static final int CONSECUTIVE = 8;

    /**
     * The first refusal stops all calls for a moment and a probe: a lone refusal costs no more than
     * that, and a storm has begun when the probe is refused, too. A probe costs little; a second
     * and a half bound how late the end of an outage is noticed.
     */
    private static final Duration FIRST_OPEN = Duration.ofMillis(25);

    private static final Duration LONGEST_OPEN = Duration.ofMillis(1500);
    private static final double OPEN_JITTER = 0.2;

    /** Those who fail rather than refuse are left alone for longer. */
    private static final Duration FAILURE_OPEN = Duration.ofMillis(500);

    /** A probe is let in when it is not refused within four times what refusals take. */
    private static final int PATIENCE = 4;

    private static final Duration LEAST_PATIENCE = Duration.ofMillis(200);

    /** A longer retry-after is not believed: a probe every five minutes harms nobody. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

    /** Refused keys and spend caps end when a person acts. */
    private static final Duration LONGEST_SLOW_PROBE = Duration.ofSeconds(30);

    private static final int MOST_DOUBLINGS = 5;

    /** Providers refuse those who come with everything at once, also within their limits. */
    private static final Duration RISE = Duration.ofSeconds(3);

    /** Not all instances hear of a change of shares at the same time. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private static final long LONG_PAUSE = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private final CircuitBreaker breaker;
    private final ConcurrencyLimit concurrency;
    private final Pace pace;
    private final Rates rates;
    private final Shares shares = new Shares();
    private final Ramp ramp;
    private final ApiKey key;

    private volatile ModelLimitsSpec declared;
    private volatile long lastAsked;
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long lastAnswer;
    private volatile long lastFailureBegan;
    private volatile RateLimits limits = RateLimits.NONE;
    private volatile @Nullable Trouble lastTrouble;

    /**
     * How calls have ended since the start.
     *
     * @param answers those with an answer
     * @param failures those that broke off or that the provider itself failed on
     */
    record Ends(long answers, long failures) {}

    /** The last error. */
    record Trouble(Instant at, ModelException error) {}

    /** What is known about a call that timed out while nobody was answered. */
    enum Finding {
        /** Nobody has been answered since: it may be the provider, it may be the call. */
        OPEN,
        /** A call that began later failed, too, before anybody was answered. */
        OUTAGE,
        /** The next call was answered: that one was the call's own trouble. */
        OWN
    }

    Account(
            Key identity,
            ModelLimitsSpec limit,
            int maxOutputTokens,
            ApiKey key,
            Ticker ticker,
            IntConsumer opened) {
        this.ticker = ticker;
        this.key = key;
        this.declared = limit;
        this.concurrency = new ConcurrencyLimit(limit.concurrency(), ticker);
        this.pace = new Pace(ticker);
        this.ramp = new Ramp(RISE, LATE, ticker);
        this.rates = new Rates(identity.provider(), limit, maxOutputTokens, ramp, ticker);
        this.shares.declare(limit.weights());
        this.lastAnswer = ticker.nanos();
        this.lastAsked = lastAnswer;
        this.lastFailureBegan = lastAnswer - 1;
        this.breaker =
                new CircuitBreaker(
                        new CircuitBreaker.Settings(
                                WINDOW,
                                THRESHOLD,
                                CONSECUTIVE,
                                new Backoff(FIRST_OPEN, LONGEST_OPEN, OPEN_JITTER, Math::random)),
                        ticker,
                        opened);
    }

    Ends ends() {
        return new Ends(answers.sum(), failures.sum());
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    ConcurrencyLimit concurrency() {
        return concurrency;
    }

    ApiKey key() {
        return key;
    }

    RateLimits limits() {
        return limits;
    }

    Optional<Trouble> lastTrouble() {
        return Optional.ofNullable(lastTrouble);
    }

    /**
     * Who is to blame for a time-out.
     *
     * @param timedOut when, in the ticker's nanoseconds
     */
    Finding blame(long timedOut) {
        if (lastAnswer - timedOut <= 0) {
            return Finding.OPEN;
        }
        return lastFailureBegan - timedOut >= 0 ? Finding.OUTAGE : Finding.OWN;
    }

    /** Other models of this account, with limits of their own: the stricter hold. */
    synchronized void tighten(ModelLimitsSpec others) {
        declared = declared.stricter(others);
        shares.declare(declared.weights());
        rates.declare(declared);
        divide();
    }

    /** A pipeline holds that part of its source. */
    synchronized void hold(Claim claim, double part) {
        shares.hold(claim, part);
        divide();
    }

    /** A pipeline that held a part has ended. */
    synchronized void end(Claim claim) {
        shares.end(claim);
        divide();
    }

    /** How a pipeline stands against others where places are short. */
    double weight(String pipeline) {
        return shares.weight(pipeline);
    }

    /** The part of the account that this process may use. */
    double share() {
        return ramp.share();
    }

    private void divide() {
        ramp.aim(shares.total());
        places();
        rates.changed();
    }

    /** At least one call can be under way, whatever the share. */
    private void places() {
        concurrency.declare(Math.max(1, (int) (declared.concurrency() * ramp.granted())));
    }

    /** Believes what the provider says about its limits, where it is stricter than the file. */
    void correct(RateLimits said) {
        limits = said;
        rates.correct(said);
    }

    /** Waits for a place, for the rates and for its turn; a probe takes all at once. */
    Rates.Reservation reserve(
            ModelRequest request, CircuitBreaker.Pass pass, ConcurrencyLimit.Flow flow)
            throws InterruptedException {
        wake();
        Rates.Reservation reservation = rates.foresee(request);
        if (pass.probe()) {
            concurrency.force();
            rates.take(reservation);
            return reservation;
        }
        concurrency.acquire(flow);
        boolean reserved = false;
        try {
            rates.acquire(reservation);
            pace.acquire();
            reserved = true;
        } finally {
            if (!reserved) {
                concurrency.release();
            }
        }
        return reservation;
    }

    /** After a long pause everything begins small again. */
    private void wake() {
        long now = ticker.nanos();
        if (now - lastAsked > LONG_PAUSE && concurrency.inFlight() == 0) {
            ramp.restart();
            pace.restart();
        }
        lastAsked = now;
        places();
    }

    /** Gives everything back: the call is not made. */
    void cancel(Rates.Reservation reservation) {
        concurrency.release();
        rates.cancel(reservation);
    }

    /** The call was answered: charges what it really used. */
    void answered(
            CircuitBreaker.Pass pass,
            ModelRequest request,
            Rates.Reservation reservation,
            long started,
            TokenUsage usage) {
        answers.increment();
        lastAnswer = ticker.nanos();
        places();
        pace.answered(lastAnswer - started, concurrency.limit());
        rates.settle(request, reservation, usage);
        succeeded(pass, started);
    }

    /**
     * The call failed.
     *
     * @return whether it is this request's own trouble: it timed out while others were answered, or
     *     it can never be accepted
     */
    boolean failed(
            CircuitBreaker.Pass pass,
            Rates.Reservation reservation,
            long started,
            ModelException e) {
        lastTrouble = new Trouble(ticker.now(), e);
        Duration retryAfter = shorter(e.retryAfter().orElse(Duration.ZERO), LONGEST_RETRY_AFTER);
        if (pass.probe()) {
            concurrency.restart();
        }
        switch (e.kind()) {
            case RATE_LIMIT, OVERLOADED -> {
                rates.refund(reservation);
                if (pass.probe()) {
                    concurrency.release();
                } else {
                    concurrency.congested(started);
                }
                lastFailureBegan = started;
                breaker.refused(pass, retryAfter, patience(ticker.nanos() - started));
            }
            case AUTH, SPEND_CAP -> {
                rates.refund(reservation);
                concurrency.release();
                key.forget();
                lastFailureBegan = started;
                Duration probe = slowProbe();
                breaker.trip(pass, longer(probe, retryAfter));
            }
            case SERVER, NETWORK -> {
                failures.increment();
                concurrency.release();
                lastFailureBegan = started;
                breaker.failed(pass, longer(FAILURE_OPEN, retryAfter));
            }
            case TIMEOUT -> {
                concurrency.release();
                if (lastAnswer - started > 0) {
                    breaker.abandoned(pass);
                    return true;
                }
                breaker.failed(pass, FAILURE_OPEN);
                lastFailureBegan = started;
            }
            case INVALID, TOO_LARGE, BUDGET -> {
                rates.refund(reservation);
                lastAnswer = ticker.nanos();
                succeeded(pass, started);
                return true;
            }
        }
        return false;
    }

    /** The call ended without a result: the thread was interrupted, or there is a defect. */
    void abandoned(CircuitBreaker.Pass pass) {
        concurrency.release();
        breaker.abandoned(pass);
    }

    private void succeeded(CircuitBreaker.Pass pass, long started) {
        concurrency.succeeded(started);
        breaker.succeeded(pass);
    }

    /**
     * One second, then twice as long after each probe: a key rotated soon is found soon. Calls that
     * were on their way together when the first was refused say nothing new.
     */
    private Duration slowProbe() {
        int probes =
                switch (breaker.state()) {
                    case CircuitBreaker.State.Closed() -> 0;
                    case CircuitBreaker.State.HalfOpen(int times, long _) -> times;
                    case CircuitBreaker.State.Open(long _, int times) -> times - 1;
                };
        return shorter(
                Duration.ofSeconds(1L << Math.min(probes, MOST_DOUBLINGS)), LONGEST_SLOW_PROBE);
    }

    private static Duration patience(long refusal) {
        return longer(LEAST_PATIENCE, Duration.ofNanos(PATIENCE * refusal));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
