package dev.thac.model;

import dev.thac.event.Money;

import java.util.Optional;
import java.util.function.BooleanSupplier;

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
     * Asks and waits, through any trouble of the provider, for as long as that takes.
     *
     * @param request what to ask
     * @return the reply and its price
     * @throws ModelException only when this request, not the provider, is the problem: {@code
     *     TIMEOUT} while other calls are answered, {@code INVALID} or {@code TOO_LARGE}
     * @throws InterruptedException when the calling thread is interrupted
     */
    Paid ask(ModelRequest request) throws ModelException, InterruptedException;

    /**
     * As {@link #ask(ModelRequest)}, for an answer that may become useless while the call waits for
     * its turn.
     *
     * @param request what to ask
     * @param abandoned whether nobody wants the answer any more, asked right before the call
     * @return the reply and its price
     * @throws ModelException as above
     * @throws InterruptedException also when the call was not made because nobody wanted it
     */
    default Paid ask(ModelRequest request, BooleanSupplier abandoned)
            throws ModelException, InterruptedException {
        return ask(request);
    }

    /**
     * A reply and what it cost.
     *
     * @param reply the reply
     * @param cost its price by the price book; empty when the model has no known price (which is
     *     never zero)
     * @param answeredBy the name in the file of the model that answered: another than the one asked
     *     when its fallback stepped in; empty means the one asked
     */
    record Paid(ModelReply reply, Optional<Money> cost, String answeredBy) {

        /**
         * An answer of the very model that was asked.
         *
         * @param reply the reply
         * @param cost its price
         */
        public Paid(ModelReply reply, Optional<Money> cost) {
            this(reply, cost, "");
        }
    }
}
