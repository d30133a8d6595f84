package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A flow whose events say by their first byte what becomes of them, and a listener. */
final class SimulatedFlow implements Lane.Flow, Lane.Listener {

    /** What a lane counts for an event of ours, its output left out. */
    static final int INPUT_BYTES = 128 + 2 + 1;

    static final char FREE = 'f';
    static final char DROP = 'd';
    static final char JUDGE = 'j';
    static final char LARGE = 'l';

    private final SimulatedProcess process;
    private final FakeBrokers brokers;

    SimulatedFlow(SimulatedProcess process, FakeBrokers brokers) {
        this.process = process;
        this.brokers = brokers;
    }

    @Override
    public Lane.Step decide(Delivery delivery) {
        process.enter("decide");
        byte[] value = delivery.value();
        char kind = value == null ? DROP : (char) value[0];
        boolean asks = kind == JUDGE || kind == LARGE;
        int tenure = brokers.audit.decided(process, delivery, asks);
        if (kind == DROP) {
            return new Lane.Step.Settled(Outcome.FilteredOut.INSTANCE);
        }
        Outcome routed =
                new Outcome.Routed(
                        List.of(
                                output(
                                        "out",
                                        delivery,
                                        new byte[kind == LARGE ? 2_000 : 10],
                                        tenure)),
                        Trail.NONE);
        if (!asks) {
            return new Lane.Step.Settled(routed);
        }
        return new Lane.Step.Open(
                () -> {
                    brokers.audit.answered(process, delivery.id());
                    return routed;
                });
    }

    private static SinkRecord output(
            String topic, Delivery delivery, byte @Nullable [] value, int tenure) {
        return new SinkRecord(
                topic,
                null,
                delivery.timestamp(),
                delivery.key(),
                value,
                List.of(
                        Header.text(DeliveryAudit.SOURCE, delivery.id().toString()),
                        Header.text(DeliveryAudit.TENURE, Integer.toString(tenure))));
    }

    @Override
    public void flush() {}

    @Override
    public Optional<Outcome> divert(Delivery delivery) {
        process.enter("divert");
        int tenure = brokers.audit.diverted(process, delivery.id());
        return Optional.of(
                new Outcome.DeadLettered(
                        new Failure(ErrorCode.OUTPUT_REJECTED, "emit", "held up"),
                        output("retry", delivery, delivery.value(), tenure),
                        Trail.NONE));
    }

    @Override
    public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
        if (failure.code() != ErrorCode.OUTPUT_REJECTED) {
            throw brokers.audit.fail(delivery.id() + " rejected as " + failure);
        }
        int tenure =
                outcome instanceof Outcome.Routed routed
                        ? Integer.parseInt(routed.records().getFirst().headers().getLast().text())
                        : 0;
        return new Outcome.DeadLettered(
                failure, output("dlq", delivery, delivery.value(), tenure), Trail.NONE);
    }

    @Override
    public void read(String topic, int records) {}

    @Override
    public void settled(Delivery delivery, Outcome outcome) {
        brokers.audit.settled(process, delivery.id());
    }

    @Override
    public void commit(boolean success) {}

    @Override
    public void turned(Duration busy) {}

    @Override
    public void rebalanced() {}

    @Override
    public void trouble(String what, Exception cause) {
        brokers.agenda.say(() -> process + " in trouble: " + what + ": " + cause);
    }

    @Override
    public void ended(@Nullable Throwable failure) {}
}
