package dev.thac.model;

import dev.thac.event.TokenUsage;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.ConcurrencyLimit;
import dev.thac.resilience.Pace;
import dev.thac.resilience.Ticker;
import dev.thac.resilience.TokenBucket;
import dev.thac.spec.Rate;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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

    /**
     * So much of a declared rate refills continuously, and so much may come at once after a pause;
     * together no more than is declared, so that no period sees more. Calls keep one in a hundred
     * free for those that threads and networks make late. Tokens, whose calls are large, may come
     * in larger portions.
     */
    private record Share(double refill, double burst) {}

    private static final Share CALLS = new Share(0.98, 0.01);
    private static final Share TOKENS = new Share(0.97, 0.03);

    /** Calls are whole: a bucket that holds almost one more lets none through that is too many. */
    private static final double ALMOST_ONE = 0.99;

    private final Ticker ticker;
    private final CircuitBreaker breaker;
    private final ConcurrencyLimit concurrency;
    private final Pace pace;
    private final @Nullable TokenBucket requests;
    private final @Nullable TokenBucket input;
    private final @Nullable TokenBucket output;
    private final ApiKey key;
    private final boolean cacheReadsCount;
    private final TokenForecast forecast;

    private volatile long lastAnswer;
    private volatile long lastFailureBegan;
    private volatile RateLimits limits = RateLimits.NONE;
    private volatile @Nullable Trouble lastTrouble;

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

    /**
     * What a call took from the rates before it was made.
     *
     * @param input tokens
     * @param output tokens
     */
    record Reservation(double input, double output) {}

    Account(
            Key identity,
            ModelLimitsSpec limit,
            int maxOutputTokens,
            ApiKey key,
            Ticker ticker,
            IntConsumer opened) {
        this.ticker = ticker;
        this.key = key;
        this.concurrency = new ConcurrencyLimit(limit.concurrency(), ticker);
        this.pace = new Pace(ticker);
        this.requests = bucket(limit.requests(), CALLS, ticker);
        this.input = bucket(limit.inputTokens(), TOKENS, ticker);
        this.output = bucket(limit.outputTokens(), TOKENS, ticker);
        this.cacheReadsCount = identity.provider() == Provider.OPENAI;
        this.forecast = new TokenForecast(maxOutputTokens);
        this.lastAnswer = ticker.nanos();
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

    /** Believes what the provider says about its limits, where it is stricter than the file. */
    void correct(RateLimits said) {
        limits = said;
        correct(requests, said.requests());
        correct(input, said.inputTokens());
        correct(output, said.outputTokens());
    }

    /** Waits for a place, for the rates and for its turn; a probe takes all at once. */
    Reservation reserve(ModelRequest request, CircuitBreaker.Pass pass)
            throws InterruptedException {
        double in = input == null ? 0 : forecast.input(request);
        double out = output == null ? 0 : forecast.output(request);
        if (pass.probe()) {
            concurrency.force();
            take(requests, 1);
            take(input, in);
            take(output, out);
            return new Reservation(in, out);
        }
        concurrency.acquire();
        boolean reserved = false;
        try {
            acquire(requests, 1);
            acquire(input, in);
            acquire(output, out);
            pace.acquire();
            reserved = true;
        } finally {
            if (!reserved) {
                concurrency.release();
            }
        }
        return new Reservation(in, out);
    }

    /** Gives everything back: the call is not made. */
    void cancel(Reservation reservation) {
        concurrency.release();
        take(requests, -1);
        refund(reservation);
    }

    /** The call was answered: charges what it really used. */
    void answered(
            CircuitBreaker.Pass pass,
            ModelRequest request,
            Reservation reservation,
            long started,
            TokenUsage usage) {
        lastAnswer = ticker.nanos();
        pace.answered(lastAnswer - started, concurrency.limit());
        long in =
                usage.input()
                        + usage.cacheWrite()
                        + usage.cacheWriteLong()
                        + (cacheReadsCount ? usage.cacheRead() : 0);
        long out = usage.output() + usage.thinking();
        if (input != null || output != null) {
            forecast.learn(request, in, out);
            take(input, in - reservation.input());
            take(output, out - reservation.output());
        }
        succeeded(pass, started);
    }

    /**
     * The call failed.
     *
     * @return whether it is this request's own trouble: it timed out while others were answered, or
     *     it can never be accepted
     */
    boolean failed(
            CircuitBreaker.Pass pass, Reservation reservation, long started, ModelException e) {
        lastTrouble = new Trouble(ticker.now(), e);
        Duration retryAfter = shorter(e.retryAfter().orElse(Duration.ZERO), LONGEST_RETRY_AFTER);
        if (pass.probe()) {
            concurrency.restart();
        }
        switch (e.kind()) {
            case RATE_LIMIT, OVERLOADED -> {
                refund(reservation);
                if (pass.probe()) {
                    concurrency.release();
                } else {
                    concurrency.congested(started);
                }
                lastFailureBegan = started;
                breaker.refused(pass, retryAfter, patience(ticker.nanos() - started));
            }
            case AUTH, SPEND_CAP -> {
                refund(reservation);
                concurrency.release();
                key.forget();
                lastFailureBegan = started;
                Duration probe = slowProbe();
                breaker.trip(pass, longer(probe, retryAfter));
            }
            case SERVER, NETWORK -> {
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
                refund(reservation);
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

    private void refund(Reservation reservation) {
        take(input, -reservation.input());
        take(output, -reservation.output());
    }

    private static @Nullable TokenBucket bucket(Optional<Rate> rate, Share share, Ticker ticker) {
        return rate.map(
                        declared ->
                                new TokenBucket(
                                        declared.perSecond() * share.refill(),
                                        declared.count() * share.burst() + ALMOST_ONE,
                                        ticker))
                .orElse(null);
    }

    private static void acquire(@Nullable TokenBucket bucket, double amount)
            throws InterruptedException {
        if (bucket != null) {
            bucket.acquire(amount);
        }
    }

    private static void take(@Nullable TokenBucket bucket, double amount) {
        if (bucket != null) {
            bucket.take(amount);
        }
    }

    private static void correct(@Nullable TokenBucket bucket, Optional<RateLimits.Window> window) {
        if (bucket != null && window.isPresent()) {
            RateLimits.Window said = window.get();
            bucket.correct(said.limit(), said.remaining(), said.untilFull());
        }
    }
}
