package dev.thac.model;

import dev.thac.cost.Terms;
import dev.thac.event.Money;

import java.time.Instant;
import java.util.Optional;

/**
 * A model as the tiers name it: the wire adapter behind the limits, retries and breaker of its
 * provider account, with prices. Thread-safe; {@link #ask} blocks, on a virtual thread.
 */
public interface Model {

    /**
     * The name in the file, for example {@code small}.
     *
     * @return the name
     */
    String name();

    /**
     * The provider's id, for example {@code claude-haiku-5-5}.
     *
     * @return the id
     */
    String id();

    /**
     * Most output tokens of one call.
     *
     * @return the limit
     */
    int maxOutputTokens();

    /**
     * Whether it costs nothing now: no budget stops it.
     *
     * @return true for models whose price is declared to be free
     */
    default boolean free() {
        return false;
    }

    /**
     * Asks and waits, through any trouble of the provider, for as long as that takes.
     *
     * @param request what to ask
     * @return the reply and its price
     * @throws ModelException only when this request, not the provider, is the problem: {@code
     *     TIMEOUT} while other calls are answered, {@code INVALID} or {@code TOO_LARGE}; and {@code
     *     BUDGET} when no budget covers the call and the budget does not say to wait
     * @throws InterruptedException when the calling thread is interrupted
     */
    Paid ask(ModelRequest request) throws ModelException, InterruptedException;

    /**
     * As {@link #ask(ModelRequest)}, for someone who may lose interest while the call waits for its
     * turn, and who wants to know what else happened on the way, whether or not there is an answer
     * in the end.
     *
     * @param request what to ask
     * @param asker is told in the calling thread; of the reply that is returned it is not told
     * @return the reply and its price
     * @throws ModelException as above
     * @throws InterruptedException also when the call was not made because nobody wanted it
     */
    default Paid ask(ModelRequest request, Asker asker)
            throws ModelException, InterruptedException {
        return ask(request);
    }

    /** Who asks. */
    @FunctionalInterface
    interface Asker {

        /** Wants the answer, and to know nothing else. */
        Asker ANYONE = () -> false;

        /**
         * Whether nobody wants the answer any more; asked right before the call.
         *
         * @return true where the call need not be made
         */
        boolean abandoned();

        /**
         * A harmless question was answered, which tells whose trouble a time-out is.
         *
         * @param paid its reply and price
         */
        default void paid(Paid paid) {}

        /**
         * A call was sent and no reply came: it timed out, or the connection broke. Whether the
         * provider bills it, and how much, is not known.
         *
         * @param model the provider's id of the model
         * @param at when that was seen
         */
        default void unanswered(String model, Instant at) {}
    }

    /**
     * A reply and what it cost.
     *
     * @param reply the reply
     * @param cost its price by the price book; empty when the model has no known price (which is
     *     never zero)
     * @param answeredBy the name in the file of the model that answered: another than the one asked
     *     when its fallback stepped in; empty means the one asked
     * @param terms the provider's id, the time and the price of the call; empty: the model that was
     *     asked, now, at a price that only {@code cost} tells
     */
    record Paid(ModelReply reply, Optional<Money> cost, String answeredBy, Optional<Terms> terms) {

        /**
         * An answer of the very model that was asked.
         *
         * @param reply the reply
         * @param cost its price
         */
        public Paid(ModelReply reply, Optional<Money> cost) {
            this(reply, cost, "", Optional.empty());
        }
    }
}
