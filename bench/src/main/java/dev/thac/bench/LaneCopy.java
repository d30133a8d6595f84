package dev.thac.bench;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.Isolation;
import dev.thac.kafka.Lane;
import dev.thac.kafka.LaneSettings;
import dev.thac.kafka.LaneSource;
import dev.thac.kafka.LaneTask;
import dev.thac.kafka.LimitsSpec;
import dev.thac.kafka.Order;
import dev.thac.kafka.StartPosition;
import dev.thac.resilience.Ticker;
import dev.thac.spec.DataSize;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Our lane with a flow that copies: what the lane costs by itself. */
final class LaneCopy implements Lane.Flow, Lane.Listener {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Job job;
    private final CountDownLatch settled;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private LaneCopy(Job job) {
        this.job = job;
        this.settled = new CountDownLatch(job.records());
    }

    static void run(Job job, DeliveryMode delivery) throws InterruptedException {
        LaneCopy copy = new LaneCopy(job);
        LaneSettings settings =
                new LaneSettings(
                        "bench",
                        job.group(),
                        0,
                        1,
                        job.brokers(),
                        new LaneSource(
                                List.of(job.input()),
                                Map.of(),
                                job.group(),
                                new StartPosition.Earliest(),
                                Isolation.READ_COMMITTED),
                        delivery,
                        Order.NONE,
                        LaneSettings.METADATA_CHARS,
                        new LimitsSpec(
                                10_000, new DataSize(64L << 20), new DataSize(1 << 20), DRAIN),
                        Map.of(
                                "group.protocol",
                                "consumer",
                                "consumer.interceptor.classes",
                                FirstPoll.class.getName()));
        Lane lane = Lane.start(LaneTask.of(settings, copy, copy, Ticker.system()));
        copy.settled.await();
        lane.stop(DRAIN);
        copy.ended.await();
        Throwable broken = copy.failure.get();
        if (broken != null) {
            throw new WrongOutputException("the lane failed: " + broken, broken);
        }
    }

    @Override
    public Lane.Step decide(Delivery delivery) {
        SinkRecord record =
                new SinkRecord(
                        job.output(),
                        null,
                        delivery.timestamp(),
                        delivery.key(),
                        delivery.value(),
                        List.of());
        return new Lane.Step.Settled(new Outcome.Routed(List.of(record), Trail.NONE));
    }

    @Override
    public void flush() {}

    @Override
    public Outcome rejected(Delivery delivery, Outcome outcome, Failure reason) {
        throw new WrongOutputException(delivery.id() + " was refused: " + reason);
    }

    @Override
    public void read(String topic, int records) {}

    @Override
    public void settled(Delivery delivery, Outcome outcome) {
        settled.countDown();
    }

    @Override
    public void commit(boolean success) {}

    @Override
    public void turned(Duration busy) {}

    @Override
    public void rebalanced() {}

    @Override
    public void trouble(String what, Exception cause) {
        System.err.println("bench: lane: " + what + ": " + cause);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
        failure.set(cause);
        if (cause != null) {
            while (settled.getCount() > 0) {
                settled.countDown();
            }
        }
        ended.countDown();
    }
}
