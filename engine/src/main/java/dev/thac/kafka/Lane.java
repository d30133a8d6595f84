package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One thread that owns one consumer, one producer, the trackers of its partitions and their staged
 * outcomes. Free stages run on it, inline; whatever blocks runs on a virtual thread per event and
 * reports through the {@link Inbox}. There is no lock and no second writer.
 *
 * <p>A lane ends when it is stopped or by an error; it does not restart itself.
 */
public final class Lane {

    private final LaneTask task;
    private final LaneClients clients;
    private final Orders orders = new Orders();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile LaneStatus status = LaneStatus.empty(LaneStatus.State.STARTING);
    private volatile @Nullable Inbox door;
    private volatile @Nullable Throwable failure;

    /** What turns a record into its outcome. */
    public interface Flow {
        /** Decides what can be decided without waiting. Never blocks, never throws. */
        Step decide(Delivery delivery);

        /** Closes waiting batches at once. */
        void flush();

        /**
         * An event has its outcome, of which the flow may learn. Called on the lane thread, once
         * for every event that is settled; must not block.
         *
         * @param outcome what became of it
         */
        default void settled(Outcome outcome) {}

        /**
         * The outcome of an event whose output the broker refused for good.
         *
         * @param delivery the event
         * @param outcome the outcome that could not be written
         * @param failure why
         * @return a dead letter
         */
        Outcome rejected(Delivery delivery, Outcome outcome, Failure failure);

        /**
         * An event that is still being judged while nearly all behind it in its partition are
         * finished, so that the partition has to wait for it.
         *
         * @param delivery the event
         * @return an outcome that takes it out of the way, such as a retry later; what judging it
         *     brings is then ignored. Empty to go on waiting
         */
        default Optional<Outcome> divert(Delivery delivery) {
            return Optional.empty();
        }
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

        /**
         * Nobody waits for the outcome any more: whatever costs and has not begun need not begin.
         * From the lane's thread, while {@link #settle} runs on another.
         */
        default void abandon() {}
    }

    /** Who counts and reports; called on the lane thread, must not block. */
    public interface Listener {
        /** Records were read. */
        void read(String topic, int records);

        /**
         * A record of a retry topic does not say which event it is: somebody else wrote it there,
         * and it is judged as an event of its own.
         */
        default void foreign(RecordId id) {}

        /** The outcome of an event, and its offset, are durable. */
        void settled(Delivery delivery, Outcome outcome);

        /** A commit succeeded (after {@link #settled} of all its events) or was given up. */
        void commit(boolean success);

        /** One turn of the lane's loop took that long, its wait in {@code poll} left out. */
        void turned(Duration busy);

        /** Records that the group had not finished are gone: the topic keeps them no longer. */
        default void expired(String topic, long offsets) {}

        /** The assignment changed. */
        void rebalanced();

        /**
         * The lane holds another part of its topics. Fewer partitions are told before the group
         * hears of it.
         *
         * @param partitions those it holds
         * @param all those there are
         */
        default void holds(int partitions, int all) {}

        /** Something failed that the lane will try again. */
        void trouble(String what, Exception cause);

        /** The lane thread ended. */
        void ended(@Nullable Throwable failure);
    }

    private Lane(LaneTask task, LaneClients clients) {
        this.task = task;
        this.clients = clients;
    }

    /**
     * Starts a lane. Connecting happens on its own thread.
     *
     * @param task what to do
     * @return the running lane
     */
    public static Lane start(LaneTask task) {
        return start(task, LaneClients.of(task.settings()));
    }

    static Lane start(LaneTask task, LaneClients clients) {
        Lane lane = new Lane(task, clients);
        Thread.ofPlatform()
                .name("thac-lane-" + task.settings().name())
                .daemon(false)
                .start(lane::run);
        return lane;
    }

    /**
     * Asks the lane to finish what is open, commit and end. Returns at once.
     *
     * @param drain the longest wait for open events; what is open then is not committed
     */
    public void stop(Duration drain) {
        orders.stop(task.ticker().nanos() + drain.toNanos());
        knock();
    }

    /**
     * Lets no more events in. Those that are open finish and are committed; the lane stays in its
     * group. Returns at once.
     */
    public void pause() {
        orders.pause(true);
        knock();
    }

    /** Lets events in again. Returns at once. */
    public void resume() {
        orders.pause(false);
        knock();
    }

    private void knock() {
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
            Inbox inbox = new Inbox(consumer, task.ticker());
            door = inbox;
            LaneTask whole = task.withTopicIds(clients.topicIds());
            new LaneLoop(whole, consumer, producer, inbox, orders, report -> status = report).run();
            status = LaneStatus.empty(LaneStatus.State.STOPPED);
        } catch (Throwable e) { // the top frame of the thread
            failure = reason(e);
            status = LaneStatus.empty(LaneStatus.State.FAILED);
        } finally {
            ended.countDown();
            task.listener().ended(failure);
        }
    }

    /** The consumer wraps what a rebalance callback throws. */
    private static Throwable reason(Throwable error) {
        return error instanceof KafkaException && error.getCause() instanceof ThacException cause
                ? cause
                : error;
    }
}
