package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A flow whose events say themselves what becomes of them: {@code free:…} is settled inline, {@code
 * drop:…} is filtered out, {@code big:N} makes an output of N bytes, everything else is judged on
 * its virtual thread by the given judge.
 */
final class ScriptedFlow implements Lane.Flow {

    private final String out;
    private final String dlq;
    private final Judge judge;
    final AtomicInteger flushes = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    final ConcurrentHashMap<RecordId, AtomicInteger> judged = new ConcurrentHashMap<>();

    /** Waits as long as judging takes. */
    interface Judge {
        void judge(String text) throws InterruptedException;
    }

    ScriptedFlow(String out, String dlq, Judge judge) {
        this.out = out;
        this.dlq = dlq;
        this.judge = judge;
    }

    @Override
    public Lane.Step decide(Delivery delivery) {
        String text = text(delivery.value());
        if (text.startsWith("drop:")) {
            return new Lane.Step.Settled(Outcome.FilteredOut.INSTANCE);
        }
        if (text.startsWith("free:")) {
            return new Lane.Step.Settled(routed(delivery, delivery.value()));
        }
        if (text.startsWith("big:")) {
            return new Lane.Step.Settled(
                    routed(delivery, new byte[Integer.parseInt(text.substring(4))]));
        }
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        return new Lane.Step.Open(new Judging(delivery, text));
    }

    private final class Judging implements Lane.Judgement {

        private final Delivery delivery;
        private final String text;

        Judging(Delivery delivery, String text) {
            this.delivery = delivery;
            this.text = text;
        }

        @Override
        public Outcome settle() throws InterruptedException {
            try {
                judged.computeIfAbsent(delivery.id(), id -> new AtomicInteger()).incrementAndGet();
                judge.judge(text);
                return routed(delivery, delivery.value());
            } finally {
                open.decrementAndGet();
            }
        }

        @Override
        public void abandon() {
            abandoned.incrementAndGet();
        }
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
    }

    @Override
    public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
        List<Header> headers = new ArrayList<>();
        headers.add(Header.text("thac.source", delivery.id().toString()));
        headers.add(Header.text("thac.reason", failure.code().label()));
        return new Outcome.DeadLettered(
                failure,
                new SinkRecord(
                        dlq, null, delivery.timestamp(), delivery.key(), delivery.value(), headers),
                Trail.NONE);
    }

    private Outcome routed(Delivery delivery, byte @Nullable [] value) {
        return new Outcome.Routed(
                List.of(
                        new SinkRecord(
                                out,
                                null,
                                delivery.timestamp(),
                                delivery.key(),
                                value,
                                List.of(Header.text("thac.source", delivery.id().toString())))),
                Trail.NONE);
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : new String(value, java.nio.charset.StandardCharsets.UTF_8);
    }
}
