package dev.thac.model;

import dev.thac.event.TokenUsage;
import dev.thac.resilience.Ramp;
import dev.thac.resilience.Ticker;

/**
 * The declared rates of an account: calls, input and output tokens. What a call will use is
 * foreseen, taken before it is made, and put right when its answer says what it used. Thread-safe.
 */
final class Rates {

    private final Quota requests;
    private final Quota input;
    private final Quota output;
    private final TokenForecast forecast;

    /** Whether tokens that the provider had in its cache count, too. */
    private final boolean cacheReadsCount;

    /**
     * What a call took from the rates before it was made.
     *
     * @param input tokens
     * @param output tokens
     */
    record Reservation(double input, double output) {}

    Rates(
            Provider provider,
            ModelLimitsSpec limits,
            int maxOutputTokens,
            Ramp ramp,
            Ticker ticker) {
        this.requests = Quota.calls(limits.requests(), ramp, ticker);
        this.input = Quota.tokens(limits.inputTokens(), ramp, ticker);
        this.output = Quota.tokens(limits.outputTokens(), ramp, ticker);
        this.forecast = new TokenForecast(maxOutputTokens);
        this.cacheReadsCount = provider == Provider.OPENAI;
    }

    void declare(ModelLimitsSpec limits) {
        requests.declare(limits.requests());
        input.declare(limits.inputTokens());
        output.declare(limits.outputTokens());
    }

    /** The share of the rates has changed. */
    void changed() {
        requests.changed();
        input.changed();
        output.changed();
    }

    void correct(RateLimits said) {
        said.requests().ifPresent(requests::correct);
        said.inputTokens().ifPresent(input::correct);
        said.outputTokens().ifPresent(output::correct);
    }

    /** What a call will take. */
    Reservation foresee(ModelRequest request) {
        return new Reservation(
                input.limited() ? forecast.input(request) : 0,
                output.limited() ? forecast.output(request) : 0);
    }

    void acquire(Reservation reservation) throws InterruptedException {
        requests.acquire(1);
        input.acquire(reservation.input());
        output.acquire(reservation.output());
    }

    /** Takes without waiting. */
    void take(Reservation reservation) {
        requests.take(1);
        input.take(reservation.input());
        output.take(reservation.output());
    }

    /** Gives everything back: the call is not made. */
    void cancel(Reservation reservation) {
        requests.take(-1);
        refund(reservation);
    }

    /** Gives the tokens back: the call was refused. */
    void refund(Reservation reservation) {
        input.take(-reservation.input());
        output.take(-reservation.output());
    }

    /** Charges what a call really used. */
    void settle(ModelRequest request, Reservation reservation, TokenUsage usage) {
        if (!input.limited() && !output.limited()) {
            return;
        }
        long in =
                usage.input()
                        + usage.cacheWrite()
                        + usage.cacheWriteLong()
                        + (cacheReadsCount ? usage.cacheRead() : 0);
        long out = usage.output() + usage.thinking();
        forecast.learn(request, in, out);
        input.settle(reservation.input(), (double) in);
        output.settle(reservation.output(), (double) out);
    }
}
