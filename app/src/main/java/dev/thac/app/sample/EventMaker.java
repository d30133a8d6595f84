package dev.thac.app.sample;

import java.time.Instant;

/** Makes the events of one kind from a seed, one after the other. Not thread-safe. */
sealed interface EventMaker permits ReviewMaker, OrderMaker, ClickMaker, TransactionMaker {

    /**
     * An event before it is sent.
     *
     * @param key the key of its record
     * @param line the value as JSON
     */
    record Draft(String key, String line) {}

    /**
     * The next event of the usual traffic.
     *
     * @param time when it happens
     * @return the event
     */
    Draft usual(Instant time);

    /** What the events of the burst that begins now have in common is chosen here. */
    void beginBurst();

    /**
     * The next event of the burst.
     *
     * @param time when it happens
     * @return the event
     */
    Draft ofBurst(Instant time);
}
