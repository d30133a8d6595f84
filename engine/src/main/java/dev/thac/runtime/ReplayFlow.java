package dev.thac.runtime;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.kafka.Lane;

import java.util.ArrayList;
import java.util.List;

/**
 * A pipeline's flow for a {@link Replay}: its records say so, and what lies beyond its end is left
 * out. Thread-safe.
 */
final class ReplayFlow implements Lane.Flow {

    private static final String HEADER = "thac.replay";

    private final Lane.Flow flow;
    private final Replay replay;
    private final Header mark;

    ReplayFlow(Lane.Flow flow, Replay replay) {
        this.flow = flow;
        this.replay = replay;
        this.mark = Header.text(HEADER, replay.id());
    }

    /** Judges as the pipeline does, and marks what comes of it. */
    private final class Marked implements Lane.Judgement {

        private final Lane.Judgement judgement;

        Marked(Lane.Judgement judgement) {
            this.judgement = judgement;
        }

        @Override
        public Outcome settle() throws InterruptedException {
            return marked(judgement.settle());
        }

        @Override
        public void abandon() {
            judgement.abandon();
        }
    }

    @Override
    public Lane.Step decide(Delivery delivery) {
        if (beyond(delivery.id())) {
            return new Lane.Step.Settled(Outcome.FilteredOut.INSTANCE);
        }
        return switch (flow.decide(delivery)) {
            case Lane.Step.Settled(Outcome outcome) -> new Lane.Step.Settled(marked(outcome));
            case Lane.Step.Open(Lane.Judgement judgement) ->
                    new Lane.Step.Open(new Marked(judgement));
        };
    }

    @Override
    public void flush() {
        flow.flush();
    }

    @Override
    public void settled(Outcome outcome) {
        flow.settled(outcome);
    }

    @Override
    public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
        return marked(flow.rejected(delivery, outcome, failure));
    }

    private boolean beyond(RecordId id) {
        return id.offset() >= replay.ends().getOrDefault(id.topic() + '-' + id.partition(), 0L);
    }

    private Outcome marked(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Routed routed ->
                    new Outcome.Routed(
                            routed.records().stream().map(this::marked).toList(), routed.trail());
            case Outcome.DeadLettered dead ->
                    new Outcome.DeadLettered(dead.failure(), marked(dead.record()), dead.trail());
            case Outcome.RetryLater later ->
                    new Outcome.RetryLater(
                            later.failure(), marked(later.record()), later.delay(), later.trail());
            case Outcome.FilteredOut filtered -> filtered;
            case Outcome.SampledOut sampled -> sampled;
        };
    }

    private SinkRecord marked(SinkRecord record) {
        List<Header> headers = new ArrayList<>(record.headers().size() + 1);
        for (Header header : record.headers()) {
            if (!header.key().equals(HEADER)) {
                headers.add(header);
            }
        }
        headers.add(mark);
        return new SinkRecord(
                record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                record.value(),
                List.copyOf(headers));
    }
}
