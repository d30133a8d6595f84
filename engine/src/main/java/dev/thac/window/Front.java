package dev.thac.window;

import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.ThacException;
import dev.thac.pipeline.EarlyStages;
import dev.thac.pipeline.FlowSpec;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a topology does with a record before anything else, exactly as the lanes do: decode, filter,
 * derive; then its event time. Pure and thread-safe.
 */
public final class Front {

    private final EarlyStages stages;
    private final EventTime time;
    private final Judged judged;

    /** What the records are. */
    private enum Judged {
        /** Events as they come. */
        NO,
        /** Objects with an analysis among their members. */
        INSIDE,
        /** The event is no object: it is the member value, beside its analysis. */
        BESIDE
    }

    /** What became of a record. */
    public sealed interface Result {
        /**
         * It is an event of the pipeline.
         *
         * @param event the event, derived members included
         * @param time when it happened, milliseconds since the epoch
         */
        record Taken(Event event, long time) implements Result {}

        /** No pattern of the filter matches it. */
        record Filtered() implements Result {
            /** The one instance. */
            public static final Filtered INSTANCE = new Filtered();
        }

        /**
         * It is an event of the pipeline whose time is too far ahead to be believed.
         *
         * @param failure says so
         */
        record Ahead(Failure failure) implements Result {}

        /**
         * It cannot be decoded or derived from, or has no usable time.
         *
         * @param failure why
         */
        record Refused(Failure failure) implements Result {}
    }

    private Front(EarlyStages stages, EventTime time, Judged judged) {
        this.stages = stages;
        this.time = time;
        this.judged = judged;
    }

    /**
     * Compiles the front of a pipeline.
     *
     * @param spec its declaration
     * @param clock where events have their time from
     * @return the front
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static Front of(FlowSpec spec, EventClock clock) {
        return new Front(EarlyStages.of(spec), EventTime.of(clock), Judged.NO);
    }

    /**
     * Compiles the front that reads what the lanes say of decided events.
     *
     * @param spec the pipeline's declaration
     * @param clock where events have their time from
     * @return the front
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static Front ofDecisions(FlowSpec spec, EventClock clock) {
        return new Front(
                EarlyStages.ofDecisions(),
                EventTime.of(clock),
                spec.format() == Format.JSON ? Judged.INSIDE : Judged.BESIDE);
    }

    /**
     * Compiles the front that reads JSON records of another topic: nothing is filtered or derived.
     *
     * @param clock where they have their time from
     * @return the front
     * @throws ThacException ({@code BAD_SPEC}) when the expression is wrong
     */
    public static Front ofTopic(EventClock clock) {
        return new Front(EarlyStages.ofDecisions(), EventTime.of(clock), Judged.NO);
    }

    /**
     * Reads one record; never throws for bad input.
     *
     * @param delivery the record
     * @return what became of it
     */
    public Result read(Delivery delivery) {
        return switch (stages.take(delivery)) {
            case EarlyStages.Result.Passed(Event event) ->
                    timed(judged == Judged.NO ? event : judged(event));
            case EarlyStages.Result.Filtered _ -> Result.Filtered.INSTANCE;
            case EarlyStages.Result.Failed(Failure failure) -> new Result.Refused(failure);
        };
    }

    private Result timed(Event event) {
        return switch (time.of(event)) {
            case EventTime.Result.Known(long millis) -> new Result.Taken(event, millis);
            case EventTime.Result.Ahead(Failure failure) -> new Result.Ahead(failure);
            case EventTime.Result.Unusable(Failure failure) -> new Result.Refused(failure);
        };
    }

    private Event judged(Event decided) {
        if (!(decided.value() instanceof Map<?, ?> members)) {
            return decided;
        }
        Map<String, Object> answers = new LinkedHashMap<>();
        if (members.get("analysis") instanceof Map<?, ?> analysis) {
            analysis.forEach((name, fields) -> answers.put(String.valueOf(name), fields));
        }
        Object value = judged == Judged.BESIDE ? members.get("value") : members;
        return new Event(decided.delivery(), value).withAnalysis(answers);
    }
}
