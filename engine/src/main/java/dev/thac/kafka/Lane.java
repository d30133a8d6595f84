package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that owns one consumer, one producer, the trackers of its partitions and their staged
 * outcomes. Free stages run on it, inline; whatever blocks runs on a virtual thread per event and
 * reports through the {@link Inbox}. There is no lock and no second writer.
 *
 * <p>A lane ends when it is stopped or by an error; it does not restart itself.
 */
public final class Lane {

    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final long MAX_WAIT = Duration.ofMillis(250).toNanos();
    private static final long STATUS_INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long FLUSH_INTERVAL = Duration.ofMillis(20).toNanos();

    private final LaneSettings settings;
    private final Flow flow;
    private final Listener listener;
    private final Ticker ticker;
    private final LaneClients clients;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile LaneStatus status = LaneStatus.empty(LaneStatus.State.STARTING);
    private volatile boolean stopping;
    private volatile long stopDeadline;
    private volatile @Nullable Inbox door;
    private volatile @Nullable Throwable failure;

    /** What turns a record into its outcome. */
    public interface Flow {
        /** Decides what can be decided without waiting. Never blocks, never throws. */
        Step decide(Delivery delivery);

        /** Closes waiting batches at once. */
        void flush();

        /**
         * The outcome of an event whose output the broker refused for good.
         *
         * @param delivery the event
         * @param outcome the outcome that could not be written
         * @param failure why
         * @return a dead letter
         */
        Outcome rejected(Delivery delivery, Outcome outcome, Failure failure);
    }

    /** What the inline stages made of a record. */
    public sealed interface Step {
        /**
         * It is settled.
         *
         * @param outcome its outcome
         */
        record Settled(Outcome outcome) implements Step {}

        /**
         * It needs something that blocks.
         *
         * @param judgement the rest of the way
         */
        record Open(Judgement judgement) implements Step {}
    }

    /** The blocking rest of an event's way. */
    public interface Judgement {
        /** Runs to the outcome, on a virtual thread. */
        Outcome settle() throws InterruptedException;
    }

    /** Who counts and reports; called on the lane thread, must not block. */
    public interface Listener {
        /** Records were read. */
        void read(String topic, int records);

        /** The outcome of an event, and its offset, are durable. */
        void settled(Delivery delivery, Outcome outcome);

        /** A commit succeeded (after {@link #settled} of all its events) or was given up. */
        void commit(boolean success);

        /** One turn of the lane's loop took that long, its wait in {@code poll} left out. */
        void turned(Duration busy);

        /** The assignment changed. */
        void rebalanced();

        /** Something failed that the lane will try again. */
        void trouble(String what, Exception cause);

        /** The lane thread ended. */
        void ended(@Nullable Throwable failure);
    }

    private Lane(
            LaneSettings settings,
            LaneClients clients,
            Flow flow,
            Listener listener,
            Ticker ticker) {
        this.settings = settings;
        this.clients = clients;
        this.flow = flow;
        this.listener = listener;
        this.ticker = ticker;
    }

    /**
     * Starts a lane. Connecting happens on its own thread.
     *
     * @param settings what to read, where to write
     * @param flow what to do with each record
     * @param listener who counts
     * @param ticker the time
     * @return the running lane
     */
    public static Lane start(LaneSettings settings, Flow flow, Listener listener, Ticker ticker) {
        return start(settings, LaneClients.of(settings), flow, listener, ticker);
    }

    static Lane start(
            LaneSettings settings,
            LaneClients clients,
            Flow flow,
            Listener listener,
            Ticker ticker) {
        Lane lane = new Lane(settings, clients, flow, listener, ticker);
        Thread.ofPlatform().name("thac-lane-" + settings.name()).daemon(false).start(lane::run);
        return lane;
    }

    /**
     * Asks the lane to finish what is open, commit and end. Returns at once.
     *
     * @param drain the longest wait for open events; what is open then is not committed
     */
    public void stop(Duration drain) {
        if (!stopping) {
            stopDeadline = ticker.nanos() + drain.toNanos();
            stopping = true;
        }
        Inbox inbox = door;
        if (inbox != null) {
            inbox.wake();
        }
    }

    /**
     * Waits until the lane has ended, however long that takes.
     *
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Waits until the lane has ended.
     *
     * @param wait the longest wait
     * @return whether it has
     * @throws InterruptedException when the calling thread is interrupted
     */
    public boolean awaitEnd(Duration wait) throws InterruptedException {
        return ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Why the lane ended.
     *
     * @return the error; empty while it runs and when it ended as asked
     */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * What the lane was doing a moment ago.
     *
     * @return a snapshot, at most about a quarter of a second old while it runs
     */
    public LaneStatus status() {
        return status;
    }

    private void run() {
        try (Consumer<byte[], byte[]> consumer = clients.consumer();
                Producer<byte[], byte[]> producer = clients.producer()) {
            Inbox inbox = new Inbox(consumer);
            door = inbox;
            new Running(consumer, producer, inbox).run();
            status = LaneStatus.empty(LaneStatus.State.STOPPED);
        } catch (Throwable e) { // the top frame of the thread
            failure = e;
            status = LaneStatus.empty(LaneStatus.State.FAILED);
        } finally {
            ended.countDown();
            listener.ended(failure);
        }
    }

    /** The lane while it is connected; lives on the lane thread. */
    private final class Running implements Assignment.Owner {

        private final Consumer<byte[], byte[]> consumer;
        private final Producer<byte[], byte[]> producer;
        private final Inbox inbox;
        private final Assignment assignment;
        private final Intake intake;
        private final Emission emission;
        private long nextStatus;
        private long nextFlush;

        Running(Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, Inbox inbox) {
            this.consumer = consumer;
            this.producer = producer;
            this.inbox = inbox;
            this.assignment = new Assignment(consumer, inbox, settings.start(), this);
            this.intake = new Intake(settings, consumer, assignment, listener);
            LaneParts parts =
                    new LaneParts(
                            consumer,
                            producer,
                            inbox,
                            assignment,
                            new Rejections(flow),
                            listener,
                            ticker);
            this.emission =
                    switch (settings.delivery()) {
                        case AT_LEAST_ONCE -> new AtLeastOnce(parts);
                        case EXACTLY_ONCE -> new ExactlyOnce(parts, settings.name());
                    };
        }

        void run() {
            nextStatus = ticker.nanos();
            nextFlush = nextStatus;
            try {
                if (settings.delivery() == DeliveryMode.EXACTLY_ONCE) {
                    producer.initTransactions();
                }
                consumer.subscribe(settings.topics(), assignment);
                while (!stopping) {
                    turn();
                }
                drain();
                boolean _ = emission.commitAll(ticker.nanos() + CLOSE.toNanos());
            } finally {
                assignment.trackers().forEach(tracker -> tracker.forEach(Running::interrupt));
                assignment.abandon();
                producer.close(CLOSE);
                consumer.close(CloseOptions.timeout(CLOSE));
            }
        }

        private void turn() {
            long start = ticker.nanos();
            collect();
            intake.admit(this::admit);
            emission.advance(ticker.nanos(), intake.crowded());
            intake.steer();
            report();
            listener.turned(Duration.ofNanos(ticker.nanos() - start));
            ConsumerRecords<byte[], byte[]> polled = inbox.poll(this::patience);
            intake.accept(polled);
        }

        private Duration patience() {
            return Duration.ofNanos(Math.min(MAX_WAIT, emission.idleNanos(ticker.nanos())));
        }

        private void drain() {
            intake.close();
            while (Load.of(assignment).open() > 0 && ticker.nanos() < stopDeadline) {
                flushBatches();
                turn();
            }
        }

        private void flushBatches() {
            long now = ticker.nanos();
            if (now >= nextFlush) {
                nextFlush = now + FLUSH_INTERVAL;
                flow.flush();
            }
        }

        /** Takes in what other threads have finished. */
        private void collect() {
            for (Entry entry = inbox.take(); entry != null; entry = inbox.take()) {
                if (entry.defect != null) {
                    throw new IllegalStateException(
                            "judging " + entry.delivery.id() + " failed", entry.defect);
                }
                if (entry.tracker.live()) {
                    settled(entry);
                }
            }
        }

        /** Decides about an entry that was let in; returns whether it is open. */
        private boolean admit(Entry entry) {
            return switch (flow.decide(entry.delivery)) {
                case Step.Settled(Outcome outcome) -> {
                    entry.outcome = outcome;
                    settled(entry);
                    yield false;
                }
                case Step.Open(Judgement judgement) -> {
                    entry.tracker.open(entry);
                    entry.worker = Thread.startVirtualThread(() -> judge(entry, judgement));
                    yield true;
                }
            };
        }

        private void settled(Entry entry) {
            entry.worker = null;
            entry.tracker.settled(entry, Records.bytes(entry.settled()));
            emission.settled(entry);
        }

        private void judge(Entry entry, Judgement judgement) {
            try {
                entry.outcome = judgement.settle();
            } catch (InterruptedException _) { // the lane has ended: nobody waits for this event
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable e) { // the top frame of the thread
                entry.defect = e;
            }
            inbox.put(entry);
        }

        private static void interrupt(Entry entry) {
            Thread worker = entry.worker;
            if (worker != null) {
                worker.interrupt();
            }
        }

        private void report() {
            long now = ticker.nanos();
            if (now >= nextStatus) {
                nextStatus = now + STATUS_INTERVAL;
                status =
                        LaneStatus.of(
                                stopping ? LaneStatus.State.DRAINING : LaneStatus.State.RUNNING,
                                consumer,
                                assignment);
            }
        }

        @Override
        public void joined() {
            listener.rebalanced();
        }

        @Override
        public void leaving(Collection<PartitionTracker> leaving) {
            long deadline = ticker.nanos() + LaneSettings.REBALANCE_DRAIN.toNanos();
            while (leaving.stream().anyMatch(tracker -> tracker.open() > 0)
                    && ticker.nanos() < deadline) {
                flushBatches();
                collect();
                emission.advance(ticker.nanos(), false);
                LockSupport.parkNanos(1_000_000);
            }
            boolean _ = emission.commitAll(ticker.nanos() + CLOSE.toNanos());
            listener.rebalanced();
        }

        @Override
        public void lost() {
            emission.lost();
            listener.rebalanced();
        }
    }
}
