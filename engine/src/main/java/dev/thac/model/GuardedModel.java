package dev.thac.model;

import dev.thac.cost.AtLimit;
import dev.thac.cost.Price;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model with its fallbacks. The only retry loop there is: the provider's trouble is waited out
 * for ever, at the account's shared breaker or, while that is closed, with a growing wait of the
 * call's own. A call that times out while others are answered is tried twice more, or split by
 * whoever asked where it is about several items. One that times out while nobody is answered waits
 * until somebody is; if nobody else asks, it asks something harmless itself. One that the provider
 * fails on again and again while it answers others is the event's own trouble, too. A budget that
 * is used up is waited for where that is declared. Thread-safe.
 */
final class GuardedModel implements Model {

    private static final int MOST_TIMEOUTS = 3;

    /** A call about several items is tried again in halves. */
    private static final int MOST_TIMEOUTS_OF_SEVERAL = 1;

    /**
     * A call that the provider fails on so often is the call's own trouble, if meanwhile so many
     * others were answered and at most one in twenty of those failed.
     */
    private static final int MOST_FAILURES = 8;

    private static final long LEAST_ANSWERS = 50;
    private static final long ANSWERS_PER_FAILURE = 20;

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** The least that a model can be asked; the answer does not matter, only that there is one. */
    private static final ModelRequest HARMLESS =
            new ModelRequest(
                    "Copy every number.", "{\"items\":[{\"i\":1,\"input\":\"1\"}]}", numbers(), 1);

    /** Money that comes back is told; this is how soon a new period is noticed in any case. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** Only where a fallback exists and both are being probed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final List<Route> routes;
    private final Ticker ticker;
    private final Backoff backoff = Backoff.fullJitter(FIRST_WAIT, LONGEST_WAIT, Math::random);

    /** A route and leave to use it. */
    private record Entry(Route route, Pass pass) {}

    /** A call that a route fails on. */
    private record Broken(Route route, Account.Ends since, int times) {

        /** It has failed once more. */
        static Broken again(@Nullable Broken before, Route route) {
            return before == null || !before.route.equals(route)
                    ? new Broken(route, route.account().ends(), 1)
                    : new Broken(route, before.since, before.times + 1);
        }

        boolean ownTrouble() {
            Account.Ends now = route.account().ends();
            long answers = now.answers() - since.answers();
            long others = now.failures() - since.failures() - (times - 1);
            return times >= MOST_FAILURES
                    && answers >= LEAST_ANSWERS
                    && others * ANSWERS_PER_FAILURE <= answers;
        }
    }

    /** A call that timed out while nobody was answered. */
    private record Doubt(Route route, long timedOut, ModelException error) {}

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
    public boolean free() {
        return routes.getFirst().price(ticker.now()).map(Price::free).orElse(false);
    }

    @Override
    public Paid ask(ModelRequest request) throws ModelException, InterruptedException {
        return ask(request, Asker.ANYONE);
    }

    @Override
    public Paid ask(ModelRequest request, Asker asker) throws ModelException, InterruptedException {
        return new Asking(request, asker).untilAnswered();
    }

    /** One request on its way to an answer; used by one thread. */
    private final class Asking {

        private final ModelRequest request;
        private final Asker asker;
        private final int mostTimeouts;
        private int failures;
        private int timeouts;
        private @Nullable Doubt doubt;
        private @Nullable Broken broken;

        Asking(ModelRequest request, Asker asker) {
            this.request = request;
            this.asker = asker;
            this.mostTimeouts = request.items() > 1 ? MOST_TIMEOUTS_OF_SEVERAL : MOST_TIMEOUTS;
        }

        Paid untilAnswered() throws ModelException, InterruptedException {
            while (!asker.abandoned()) {
                long since = ticker.nanos();
                Entry entry = enter();
                clearDoubt(entry);
                boolean inDoubt = doubt != null && doubt.route() == entry.route();
                ModelRequest asked = inDoubt ? HARMLESS : request;
                switch (entry.route().attempt(asked, entry.pass(), since, asker::abandoned)) {
                    case Route.Attempt.Answered(Paid paid) -> {
                        if (!inDoubt) {
                            return paid;
                        }
                        asker.paid(paid);
                    }
                    case Route.Attempt.Failed(ModelException error, boolean own) -> {
                        if (error.kind() == ModelException.Kind.TIMEOUT
                                || error.kind() == ModelException.Kind.NETWORK) {
                            asker.unanswered(entry.route().spec().model(), ticker.now());
                        }
                        if (!inDoubt) {
                            judge(entry.route(), error, own);
                        }
                        entry.route().meters().retried(error.kind());
                        pause(entry.route(), error, failures++);
                    }
                    case Route.Attempt.Shut() -> {}
                    case Route.Attempt.Unfunded(Shortage shortage) -> {
                        if (shortage.atLimit() != AtLimit.PAUSE) {
                            throw new ModelException(shortage);
                        }
                        shortage.await(LONGEST_PAUSE);
                    }
                }
            }
            throw new InterruptedException("nobody waits for this answer any more");
        }

        /** Somebody's answer, or failure, may have told meanwhile whose trouble it was. */
        private void clearDoubt(Entry entry) throws ModelException {
            Doubt about = doubt;
            if (about == null) {
                return;
            }
            switch (about.route().account().blame(about.timedOut())) {
                case OPEN -> {}
                case OUTAGE -> doubt = null;
                case OWN -> {
                    doubt = null;
                    if (++timeouts >= mostTimeouts) {
                        entry.route().account().breaker().abandoned(entry.pass());
                        throw about.error();
                    }
                }
            }
        }

        private void judge(Route route, ModelException error, boolean own) throws ModelException {
            boolean timeout = error.kind() == ModelException.Kind.TIMEOUT;
            if (own && (!timeout || ++timeouts >= mostTimeouts)) {
                throw error;
            }
            if (error.kind() == ModelException.Kind.SERVER
                    || error.kind() == ModelException.Kind.NETWORK) {
                Broken known = Broken.again(broken, route);
                broken = known;
                if (known.ownTrouble()) {
                    throw error;
                }
            }
            if (timeout && !own) {
                doubt = new Doubt(route, ticker.nanos(), error);
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

    private static Map<String, Object> numbers() {
        Map<String, Object> item =
                Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("i", Map.of("type", "integer")),
                        "required",
                        List.of("i"),
                        "additionalProperties",
                        false);
        return Map.of(
                "type",
                "object",
                "properties",
                Map.of("items", Map.of("type", "array", "items", item)),
                "required",
                List.of("items"),
                "additionalProperties",
                false);
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
