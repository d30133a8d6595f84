package dev.thac.model;

import dev.thac.event.TokenUsage;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.ConcurrencyLimit;
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

    /** Of the last 20 results ten failures, or five congested ones, open the breaker. */
    private static final int WINDOW = 20;

    private static final int THRESHOLD = 10;

    /** Eight failures in a row, or four congested answers, open it, too. */
    private static final int CONSECUTIVE = 8;

    private static final int FAILED = 1;
    private static final int CONGESTED = 2;

    /** A probe of an outage is cheap; five seconds bound how late its end is noticed. */
    private static final Duration FIRST_OPEN = Duration.ofMillis(500);

    private static final Duration LONGEST_OPEN = Duration.ofSeconds(5);
    private static final double OPEN_JITTER = 0.2;

    /** A longer retry-after is not believed: a probe every five minutes harms nobody. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

    /** Refused keys and spend caps end when a person acts. */
    private static final Duration LONGEST_SLOW_PROBE = Duration.ofSeconds(30);

    private static final int MOST_DOUBLINGS = 5;

    /**
     * Calls are spread so that no period sees more than declared: a twentieth may come at once, the
     * rest refills. Tokens, whose calls are large, may come in tenths.
     */
    private static final double CALL_BURST = 0.05;

    /**
     * Calls that set out evenly arrive in bunches: threads and networks delay some of them. As much
     * of a period as this is left to those that are late, at most as much again as the burst.
     */
    private static final Duration LATENESS = Duration.ofMillis(50);

    private static final double TOKEN_BURST = 0.1;

    private final Ticker ticker;
    private final CircuitBreaker breaker;
    private final ConcurrencyLimit concurrency;
    private final @Nullable TokenBucket requests;
    private final @Nullable TokenBucket input;
    private final @Nullable TokenBucket output;
    private final ApiKey key;
    private final boolean cacheReadsCount;
    private final TokenForecast forecast;

    private volatile long lastAnswer;
    private volatile RateLimits limits = RateLimits.NONE;
    private volatile @Nullable Trouble lastTrouble;

    /** The last error. */
    record Trouble(Instant at, ModelException error) {}

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
        this.requests = bucket(limit.requests(), CALL_BURST, callRefill(limit.requests()), ticker);
        this.input = bucket(limit.inputTokens(), TOKEN_BURST, 1, ticker);
        this.output = bucket(limit.outputTokens(), TOKEN_BURST, 1, ticker);
        this.cacheReadsCount = identity.provider() == Provider.OPENAI;
        this.forecast = new TokenForecast(maxOutputTokens);
        this.lastAnswer = ticker.nanos();
        this.breaker =
                new CircuitBreaker(
                        new CircuitBreaker.Settings(
                                WINDOW,
                                THRESHOLD,
                                CONSECUTIVE,
                                new Backoff(FIRST_OPEN, LONGEST_OPEN, OPEN_JITTER, Math::random)),
                        ticker,
                        times -> {
                            if (times == 1) {
                                concurrency.restart();
                            }
                            opened.accept(times);
                        });
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

    /** Believes what the provider says about its limits, where it is stricter than the file. */
    void correct(RateLimits said) {
        limits = said;
        correct(requests, said.requests());
        correct(input, said.inputTokens());
        correct(output, said.outputTokens());
    }

    /** Waits for a place and for the rates; a probe takes both at once. */
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
            TokenUsage usage) {
        lastAnswer = ticker.nanos();
        long in = usage.input() + usage.cacheWrite() + (cacheReadsCount ? usage.cacheRead() : 0);
        long out = usage.output() + usage.thinking();
        if (input != null || output != null) {
            forecast.learn(request, in, out);
            take(input, in - reservation.input());
            take(output, out - reservation.output());
        }
        succeeded(pass);
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
        switch (e.kind()) {
            case RATE_LIMIT, OVERLOADED -> {
                refund(reservation);
                concurrency.congested(started);
                if (e.retryAfter().isPresent()) {
                    breaker.trip(pass, retryAfter);
                } else {
                    breaker.failed(pass, CONGESTED, Duration.ZERO);
                }
            }
            case AUTH, SPEND_CAP -> {
                refund(reservation);
                concurrency.release();
                key.forget();
                Duration probe = slowProbe();
                breaker.trip(pass, probe.compareTo(retryAfter) < 0 ? retryAfter : probe);
            }
            case SERVER, NETWORK -> {
                concurrency.release();
                breaker.failed(pass, FAILED, retryAfter);
            }
            case TIMEOUT -> {
                concurrency.release();
                if (lastAnswer - started > 0) {
                    breaker.abandoned(pass);
                    return true;
                }
                breaker.failed(pass, FAILED, Duration.ZERO);
            }
            case INVALID, TOO_LARGE -> {
                refund(reservation);
                lastAnswer = ticker.nanos();
                succeeded(pass);
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

    private void succeeded(CircuitBreaker.Pass pass) {
        concurrency.succeeded();
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
                    case CircuitBreaker.State.HalfOpen(int times) -> times;
                    case CircuitBreaker.State.Open(long _, int times) -> times - 1;
                };
        return shorter(
                Duration.ofSeconds(1L << Math.min(probes, MOST_DOUBLINGS)), LONGEST_SLOW_PROBE);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void refund(Reservation reservation) {
        take(input, -reservation.input());
        take(output, -reservation.output());
    }

    private static double callRefill(Optional<Rate> rate) {
        double late =
                rate.map(declared -> LATENESS.toNanos() / (double) declared.period().toNanos())
                        .orElse(0.0);
        return 1 - CALL_BURST - Math.min(CALL_BURST, late);
    }

    private static @Nullable TokenBucket bucket(
            Optional<Rate> rate, double burst, double refill, Ticker ticker) {
        return rate.map(
                        declared ->
                                new TokenBucket(
                                        declared.perSecond() * refill,
                                        Math.max(1, declared.count() * burst),
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
