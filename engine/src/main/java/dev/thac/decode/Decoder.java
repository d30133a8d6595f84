package dev.thac.decode;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;

/** Turns a record's bytes into an event. Thread-safe. */
public interface Decoder {

    /**
     * Decodes one record.
     *
     * @param delivery the record
     * @return the event, or why it cannot be decoded; never throws for bad input
     */
    Result decode(Delivery delivery);

    /** What came of it. */
    sealed interface Result {
        /**
         * It worked.
         *
         * @param event the event
         */
        record Decoded(Event event) implements Result {}

        /**
         * It did not.
         *
         * @param failure why
         */
        record Undecodable(Failure failure) implements Result {}
    }
}
