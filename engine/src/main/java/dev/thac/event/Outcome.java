package dev.thac.event;

import java.time.Duration;
import java.util.List;

/** What became of one event; each delivery has exactly one. */
public sealed interface Outcome {

    /**
     * What was done on the way here.
     *
     * @return the trail
     */
    Trail trail();

    /**
     * The event went through.
     *
     * @param records in the order they must be written; empty where no route's condition held
     * @param trail what was done
     */
    record Routed(List<SinkRecord> records, Trail trail) implements Outcome {}

    /**
     * No filter pattern matched.
     *
     * @param trail always empty
     */
    record FilteredOut(Trail trail) implements Outcome {
        /** The one instance needed. */
        public static final FilteredOut INSTANCE = new FilteredOut(Trail.NONE);
    }

    /**
     * The sample left it out.
     *
     * @param trail always empty
     */
    record SampledOut(Trail trail) implements Outcome {
        /** The one instance needed. */
        public static final SampledOut INSTANCE = new SampledOut(Trail.NONE);
    }

    /**
     * The event could not be settled and goes to the dead-letter topic.
     *
     * @param failure why
     * @param record the dead-letter record
     * @param trail what was done
     */
    record DeadLettered(Failure failure, SinkRecord record, Trail trail) implements Outcome {}

    /**
     * The event goes to a retry topic.
     *
     * @param failure why
     * @param record the retry record
     * @param delay after which it is tried again
     * @param trail what was done
     */
    record RetryLater(Failure failure, SinkRecord record, Duration delay, Trail trail)
            implements Outcome {}
}
