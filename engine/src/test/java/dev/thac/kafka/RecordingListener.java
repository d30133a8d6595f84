package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a lane reports. */
final class RecordingListener implements Lane.Listener {

    final AtomicInteger read = new AtomicInteger();
    final AtomicInteger settled = new AtomicInteger();
    final AtomicLong expired = new AtomicLong();
    final AtomicInteger commits = new AtomicInteger();
    final AtomicInteger aborts = new AtomicInteger();
    final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
    final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    volatile @Nullable Throwable failure;
    volatile boolean ended;

    @Override
    public void read(String topic, int records) {
        read.addAndGet(records);
    }

    @Override
    public void settled(Delivery delivery, Outcome outcome) {
        outcomes.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
        settled.incrementAndGet();
    }

    @Override
    public void commit(boolean success) {
        (success ? commits : aborts).incrementAndGet();
    }

    @Override
    public void turned(Duration busy) {}

    @Override
    public void rebalanced() {}

    @Override
    public void expired(String topic, long offsets) {
        expired.addAndGet(offsets);
    }

    @Override
    public void trouble(String what, Exception cause) {
        troubles.add(what + ": " + cause);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
        failure = cause;
        ended = true;
    }
}
