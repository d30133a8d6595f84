package dev.thac.model;

import dev.thac.cost.Price;
import dev.thac.cost.PriceBook;
import dev.thac.cost.Terms;
import dev.thac.event.Money;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.Ticker;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One model on its account: makes single attempts and tells the account, the metrics and the price
 * book about them. Thread-safe.
 */
final class Route {

    private final String name;
    private final ModelSpec spec;
    private final ModelClient client;
    private final Account account;
    private final PriceBook prices;
    private final ModelMeters meters;
    private final Ticker ticker;

    /** What became of an attempt. */
    sealed interface Attempt {

        /** An answer. */
        record Answered(Model.Paid paid) implements Attempt {}

        /**
         * An error.
         *
         * @param error what happened
         * @param own whether it is the request's own trouble, not the provider's
         */
        record Failed(ModelException error, boolean own) implements Attempt {}

        /** The breaker opened, or nobody wanted it any more: the call was not made. */
        record Shut() implements Attempt {}
    }

    /** Who is asked: name, spec and client of one model. */
    record Target(String name, ModelSpec spec, ModelClient client) {}

    Route(Target target, Account account, PriceBook prices, ModelMeters meters, Ticker ticker) {
        this.name = target.name();
        this.spec = target.spec();
        this.client = target.client();
        this.account = account;
        this.prices = prices;
        this.meters = meters;
        this.ticker = ticker;
    }

    String name() {
        return name;
    }

    ModelSpec spec() {
        return spec;
    }

    Account account() {
        return account;
    }

    ModelMeters meters() {
        return meters;
    }

    /**
     * Makes one attempt, after waiting for a place and for the rates.
     *
     * @param request what to ask
     * @param pass leave from the account's breaker
     * @param since when the waiting began, in the ticker's nanoseconds
     * @param abandoned whether nobody wants the answer any more
     * @return what became of it
     * @throws InterruptedException when the thread is interrupted; everything is given back
     */
    Attempt attempt(ModelRequest request, Pass pass, long since, BooleanSupplier abandoned)
            throws InterruptedException {
        Account.Reservation reservation = reserve(request, pass);
        boolean holds = account.breaker().holds(pass);
        if (!holds || abandoned.getAsBoolean()) {
            account.cancel(reservation);
            if (holds) {
                account.breaker().abandoned(pass);
            }
            return new Attempt.Shut();
        }
        long started = ticker.nanos();
        meters.waited(started - since);
        boolean settled = false;
        try {
            Instant sent = ticker.now();
            ModelReply reply = client.call(request, spec.timeout());
            settled = true;
            account.answered(pass, request, reservation, started, reply.usage());
            Terms terms = new Terms(spec.model(), sent, price(sent));
            Optional<Money> cost = terms.price().map(price -> price.cost(reply.usage(), sent));
            meters.answered(ticker.nanos() - started, cost);
            return new Attempt.Answered(new Model.Paid(reply, cost, name, Optional.of(terms)));
        } catch (ModelException e) {
            settled = true;
            meters.failed(ticker.nanos() - started, e.kind());
            return new Attempt.Failed(e, account.failed(pass, reservation, started, e));
        } finally {
            if (!settled) {
                account.abandoned(pass);
            }
        }
    }

    Optional<Price> price(Instant at) {
        return spec.price().isPresent()
                ? Price.of(spec.price().get())
                : prices.price(spec.model(), at);
    }

    private Account.Reservation reserve(ModelRequest request, Pass pass)
            throws InterruptedException {
        boolean reserved = false;
        try {
            Account.Reservation reservation = account.reserve(request, pass);
            reserved = true;
            return reservation;
        } finally {
            if (!reserved) {
                account.breaker().abandoned(pass);
            }
        }
    }
}
