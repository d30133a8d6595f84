package dev.thac.runtime;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.kafka.Lane;
import dev.thac.pipeline.OpenEvent;
import dev.thac.pipeline.Pipeline;

import java.util.Optional;

/**
 * A pipeline as lanes see it.
 *
 * @param pipeline the pipeline; shared by all lanes
 */
record PipelineFlow(Pipeline pipeline) implements Lane.Flow {

    /** The rest of an event's way through the pipeline. */
    private record Judgement(Pipeline pipeline, OpenEvent event) implements Lane.Judgement {

        @Override
        public Outcome settle() throws InterruptedException {
            return pipeline.settle(event);
        }

        @Override
        public void abandon() {
            event.abandon();
        }
    }

    @Override
    public Lane.Step decide(Delivery delivery) {
        return switch (pipeline.decide(delivery)) {
            case Pipeline.Decision.Settled(Outcome outcome) -> new Lane.Step.Settled(outcome);
            case Pipeline.Decision.Open(OpenEvent event) ->
                    new Lane.Step.Open(new Judgement(pipeline, event));
        };
    }

    @Override
    public void flush() {
        pipeline.flush();
    }

    @Override
    public void settled(Outcome outcome) {
        pipeline.apply(outcome);
    }

    @Override
    public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
        return pipeline.rejected(delivery, outcome, failure);
    }

    @Override
    public Optional<Outcome> divert(Delivery delivery) {
        return pipeline.diverted(delivery);
    }
}
