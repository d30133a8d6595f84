package dev.thac.model;

import dev.thac.cost.BudgetException;
import dev.thac.cost.Price;
import dev.thac.cost.PriceBook;
import dev.thac.cost.Spending;
import dev.thac.cost.Terms;
import dev.thac.event.ErrorCode;
import dev.thac.event.Money;
import dev.thac.event.ThacException;
import dev.thac.event.TokenUsage;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.ConcurrencyLimit;
import dev.thac.resilience.Ticker;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One model on its account: makes single attempts and tells the account, the metrics and the price
 * book about them. Thread-safe.
 */
final class Route {

    private final Target target;
    private final String name;
    private final ModelSpec spec;
    private final ModelClient client;
    private final ConcurrencyLimit.Flow flow;
    private final Account account;
    private final PriceBook prices;
    private final ModelMeters meters;
    private final Ticker ticker;
    private final Spending spending;
    private final WorstCase worstCase = new WorstCase();
    private volatile Optional<Price> lastPrice = Optional.empty();

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

        /** No budget covers the call: it was not made. */
        record Unfunded(Shortage shortage) implements Attempt {}
    }

    /**
     * Who is asked, and for whom.
     *
     * @param name of the model
     * @param spec its spec
     * @param client its client
     * @param flow whose calls these are, where places are short
     */
    record Target(String name, ModelSpec spec, ModelClient client, ConcurrencyLimit.Flow flow) {}

    Route(Target target, Account account, PriceBook prices, ModelMeters meters, Ticker ticker) {
        this(target, account, prices, meters, ticker, Spending.UNLIMITED);
    }

    private Route(
            Target target,
            Account account,
            PriceBook prices,
            ModelMeters meters,
            Ticker ticker,
            Spending spending) {
        this.spending = spending;
        this.target = target;
        this.name = target.name();
        this.spec = target.spec();
        this.client = target.client();
        this.flow = target.flow();
        this.account = account;
        this.prices = prices;
        this.meters = meters;
        this.ticker = ticker;
    }

    /** The same model on the same account, with somebody's money. */
    Route paidFrom(Spending money) {
        return new Route(target, account, prices, meters, ticker, money);
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
     * Makes one attempt, after waiting for a place, for the rates and for the money.
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
        Rates.Reservation reservation = reserve(request, pass);
        Spending.Hold hold;
        boolean funded = false;
        try {
            hold = spending.reserve(worst(request));
            funded = true;
        } catch (BudgetException e) {
            return new Attempt.Unfunded(new Shortage(e, spending));
        } finally {
            if (!funded) {
                account.cancel(reservation);
                account.breaker().abandoned(pass);
            }
        }
        boolean holds = account.breaker().holds(pass);
        if (!holds || abandoned.getAsBoolean()) {
            hold.release();
            account.cancel(reservation);
            if (holds) {
                account.breaker().abandoned(pass);
            }
            return new Attempt.Shut();
        }
        meters.waited(ticker.nanos() - since);
        return call(request, pass, reservation, hold);
    }

    private Attempt call(
            ModelRequest request, Pass pass, Rates.Reservation reservation, Spending.Hold hold)
            throws InterruptedException {
        long started = ticker.nanos();
        boolean settled = false;
        try {
            Instant sent = ticker.now();
            ModelReply reply = client.call(request, spec.timeout());
            settled = true;
            account.answered(pass, request, reservation, started, reply.usage());
            Terms terms = new Terms(spec.model(), sent, price(sent));
            Optional<Money> cost = terms.price().map(price -> price.cost(reply.usage(), sent));
            settle(hold, reply.usage(), cost);
            meters.answered(ticker.nanos() - started, cost);
            return new Attempt.Answered(new Model.Paid(reply, cost, name, Optional.of(terms)));
        } catch (ModelException e) {
            settled = true;
            switch (e.bill()) {
                case NOTHING -> hold.release();
                case UNKNOWN -> hold.charge();
            }
            meters.failed(ticker.nanos() - started, e.kind());
            return new Attempt.Failed(e, account.failed(pass, reservation, started, e));
        } finally {
            if (!settled) {
                hold.charge();
                account.abandoned(pass);
            }
        }
    }

    /** An answer that does not say what it used is no free answer. */
    private static void settle(Spending.Hold hold, TokenUsage usage, Optional<Money> cost) {
        if (cost.isPresent() && !usage.equals(TokenUsage.NONE)) {
            hold.settle(cost.get());
        } else {
            hold.charge();
        }
    }

    /**
     * What the call can cost at most, whether it is priced when it is sent or when it is answered.
     */
    private Money worst(ModelRequest request) {
        if (spending.equals(Spending.UNLIMITED)) {
            return Money.ZERO;
        }
        Money before = worst(request, ticker.now());
        Money after = worst(request, ticker.now().plus(spec.timeout()));
        return before.compareTo(after) < 0 ? after : before;
    }

    /** A price that has run out still says what to put aside; unknown is never nothing. */
    private Money worst(ModelRequest request, Instant at) {
        Optional<Price> known = price(at).or(() -> lastPrice);
        lastPrice = known;
        return known.orElseThrow(
                        () ->
                                new ThacException(
                                        ErrorCode.BAD_SPEC,
                                        "a budget pays for the model \""
                                                + name
                                                + "\", and no price of "
                                                + spec.model()
                                                + " is known"))
                .worstCost(worstCase.inputTokens(request), spec.maxOutputTokens());
    }

    Optional<Price> price(Instant at) {
        return spec.price().isPresent()
                ? Price.of(spec.price().get())
                : prices.price(spec.model(), at);
    }

    private Rates.Reservation reserve(ModelRequest request, Pass pass) throws InterruptedException {
        boolean reserved = false;
        try {
            Rates.Reservation reservation = account.reserve(request, pass, flow);
            reserved = true;
            return reservation;
        } finally {
            if (!reserved) {
                account.breaker().abandoned(pass);
            }
        }
    }
}
