package dev.thac.model;

import dev.thac.resilience.Backoff;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.Ticker;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A model with its fallbacks. The only retry loop there is: the provider's trouble is waited out
 * for ever, at the account's shared breaker or, while that is closed, with a growing wait of the
 * call's own; a call that times out while others are answered is tried twice more. Thread-safe.
 */
final class GuardedModel implements Model {

    private static final int MOST_TIMEOUTS = 3;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Only where a fallback exists and both are being probed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final List<Route> routes;
    private final Ticker ticker;
    private final Backoff backoff = Backoff.fullJitter(FIRST_WAIT, LONGEST_WAIT, Math::random);

    /** A route and leave to use it. */
    private record Entry(Route route, Pass pass) {}

    GuardedModel(List<Route> routes, Ticker ticker) {
        this.routes = List.copyOf(routes);
        this.ticker = ticker;
    }

    @Override
    public String name() {
        return routes.getFirst().name();
    }

    @Override
    public String id() {
        return routes.getFirst().spec().model();
    }

    @Override
    public int maxOutputTokens() {
        return routes.getFirst().spec().maxOutputTokens();
    }

    @Override
    public Paid ask(ModelRequest request) throws ModelException, InterruptedException {
        int failures = 0;
        int timeouts = 0;
        for (long since = ticker.nanos(); ; since = ticker.nanos()) {
            Entry entry = enter();
            switch (entry.route().attempt(request, entry.pass(), since)) {
                case Route.Attempt.Answered(Paid paid) -> {
                    return paid;
                }
                case Route.Attempt.Failed(ModelException error, boolean own) -> {
                    if (own
                            && (error.kind() != ModelException.Kind.TIMEOUT
                                    || ++timeouts >= MOST_TIMEOUTS)) {
                        throw error;
                    }
                    entry.route().meters().retried(error.kind());
                    pause(entry.route(), error, failures++);
                }
                case Route.Attempt.Shut() -> {}
            }
        }
    }

    /** The first route whose breaker lets us through; else whichever is due first. */
    private Entry enter() throws InterruptedException {
        while (true) {
            for (Route route : routes) {
                Optional<Pass> pass = route.account().breaker().tryEnter();
                if (pass.isPresent()) {
                    return new Entry(route, pass.get());
                }
            }
            if (routes.size() == 1) {
                Route only = routes.getFirst();
                return new Entry(only, only.account().breaker().enter());
            }
            ticker.sleep(untilNextProbe());
        }
    }

    private Duration untilNextProbe() {
        return routes.stream()
                .map(route -> route.account().breaker().untilProbe())
                .filter(Duration::isPositive)
                .filter(wait -> wait.compareTo(LOOK_AGAIN) < 0)
                .min(Duration::compareTo)
                .orElse(LOOK_AGAIN);
    }

    /** An open breaker is where to wait; its wait is everybody's. */
    private void pause(Route route, ModelException error, int failures)
            throws InterruptedException {
        if (route.account().breaker().state() instanceof CircuitBreaker.State.Closed) {
            Duration own = backoff.delay(failures);
            Duration asked = error.retryAfter().orElse(Duration.ZERO);
            ticker.sleep(
                    asked.compareTo(own) > 0 && asked.compareTo(LONGEST_WAIT) <= 0 ? asked : own);
        }
    }
}
