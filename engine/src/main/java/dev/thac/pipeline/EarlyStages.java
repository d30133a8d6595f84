package dev.thac.pipeline;

import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.ThacException;
import dev.thac.expression.ExpressionException;
import dev.thac.filter.EventFilter;
import dev.thac.filter.PatternException;

import java.util.ArrayList;
import java.util.List;

/**
 * The first stages of a pipeline alone: decode, filter, derive, compiled from the same declaration
 * and run by the same code. For readers of the source beside the lanes. Pure and thread-safe.
 */
public final class EarlyStages {

    private final List<Stage> stages;

    /** What became of a record. */
    public sealed interface Result {
        /**
         * It passed.
         *
         * @param event the event, derived members included
         */
        record Passed(Event event) implements Result {}

        /** No pattern of the filter matches it. */
        record Filtered() implements Result {
            /** The one instance. */
            public static final Filtered INSTANCE = new Filtered();
        }

        /**
         * It can never pass.
         *
         * @param failure why
         */
        record Failed(Failure failure) implements Result {}
    }

    private EarlyStages(List<Stage> stages) {
        this.stages = List.copyOf(stages);
    }

    /**
     * Compiles the first stages.
     *
     * @param spec the pipeline's declaration
     * @return the stages
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public static EarlyStages of(FlowSpec spec) {
        try {
            List<Stage> stages = new ArrayList<>();
            stages.add(new DecodeStage(Decoders.of(spec.format()), spec.maxEvent().bytes()));
            if (!spec.filter().isEmpty()) {
                stages.add(new FilterStage(EventFilter.compile(Pipeline.patterns(spec.filter()))));
            }
            if (!spec.derive().isEmpty()) {
                stages.add(new DeriveStage(spec.derive()));
            }
            return new EarlyStages(stages);
        } catch (ExpressionException | PatternException e) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "pipeline " + spec.pipeline() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The stage that reads what was written of decided events: JSON, filtered and derived before.
     *
     * @return the stage
     */
    public static EarlyStages ofDecisions() {
        return new EarlyStages(List.of(new DecodeStage(Decoders.of(Format.JSON), Long.MAX_VALUE)));
    }

    /**
     * Takes one record through them; never blocks, never throws for bad input.
     *
     * @param delivery the record
     * @return what became of it
     */
    public Result take(Delivery delivery) {
        OpenEvent open = new OpenEvent(delivery, 0);
        for (Stage stage : stages) {
            if (stage.decide(open) == Stage.Progress.ENDED) {
                Failure failure = open.failure();
                return failure == null ? Result.Filtered.INSTANCE : new Result.Failed(failure);
            }
        }
        return new Result.Passed(open.event());
    }
}
