package dev.thac.cascade;

import dev.thac.event.ErrorCode;
import dev.thac.model.Shortage;

import java.util.Map;
import java.util.OptionalDouble;

/** What a model tier has to say about one event. */
sealed interface Reply {

    /** Where an answer is from. */
    enum Origin {
        /** A call that was made for it. */
        CALL,
        /** It was given and paid for before. */
        KEPT
    }

    /**
     * A valid answer.
     *
     * @param fields the output fields
     * @param confidence as the model states it, where it was asked
     * @param origin where it is from
     */
    record Answered(Map<String, Object> fields, OptionalDouble confidence, Origin origin)
            implements Reply {}

    /**
     * No usable answer, although it was asked for again.
     *
     * @param code why
     * @param message details
     */
    record Failed(ErrorCode code, String message) implements Reply {}

    /**
     * Nobody was asked, because no budget covers the call.
     *
     * @param shortage what is missing
     */
    record Unfunded(Shortage shortage) implements Reply {}
}
