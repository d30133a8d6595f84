package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The one door into a lane: any thread puts finished entries in, the lane thread takes them out. A
 * lane that waits in {@code poll} is woken, at most once per poll.
 *
 * <p>While partitions are paused the lane waits here and not in the consumer: the consumer of the
 * new group protocol goes round and round in {@code poll} while it holds fetched records of a
 * paused partition, and takes a whole core for it (KAFKA-21084).
 */
final class Inbox {

    /** How long to wait outside of the consumer while fetched records may come. */
    private static final long GLANCE = Duration.ofMillis(10).toNanos();

    /** How long while all partitions are paused and only a rebalance may come. */
    private static final long NOTHING_COMES = Duration.ofMillis(100).toNanos();

    private final ConcurrentLinkedQueue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Consumer<byte[], byte[]> consumer;
    private final Ticker ticker;

    /** The lane's thread while it waits outside of the consumer. */
    private volatile @Nullable Thread parked;

    Inbox(Consumer<byte[], byte[]> consumer, Ticker ticker) {
        this.consumer = consumer;
        this.ticker = ticker;
    }

    /** Any thread: hands over an entry that has its outcome or its defect. */
    void put(Entry entry) {
        queue.add(entry);
        wake();
    }

    /** Any thread: ends the lane's wait, if it waits. */
    void wake() {
        if (waiting.get() && waiting.compareAndSet(true, false)) {
            Thread lane = parked;
            if (lane == null) {
                consumer.wakeup();
            } else {
                LockSupport.unpark(lane);
            }
        }
    }

    /** Lane thread: the next entry, or {@code null}. */
    @Nullable Entry take() {
        return queue.poll();
    }

    /**
     * Lane thread: polls, and returns early when somebody wakes it.
     *
     * @param wait the longest wait, asked for after waking has become possible, so that nothing put
     *     in before is missed
     * @return what was polled; empty when woken
     */
    ConsumerRecords<byte[], byte[]> poll(Supplier<Duration> wait) {
        int paused = consumer.paused().size();
        if (paused > 0) {
            return glance(wait, paused == consumer.assignment().size() ? NOTHING_COMES : GLANCE);
        }
        waiting.set(true);
        try {
            return consumer.poll(queue.isEmpty() ? wait.get() : Duration.ZERO);
        } catch (WakeupException _) {
            return ConsumerRecords.empty();
        } finally {
            waiting.set(false);
        }
    }

    /** Polls without waiting, and waits here if that brought nothing. */
    private ConsumerRecords<byte[], byte[]> glance(Supplier<Duration> wait, long longest) {
        ConsumerRecords<byte[], byte[]> polled;
        try {
            polled = consumer.poll(Duration.ZERO);
        } catch (WakeupException _) {
            return ConsumerRecords.empty();
        }
        if (!polled.nextOffsets().isEmpty()) {
            return polled;
        }
        parked = Thread.currentThread();
        waiting.set(true);
        try {
            long nanos = queue.isEmpty() ? wait.get().toNanos() : 0;
            if (nanos > 0) {
                ticker.park(Math.min(nanos, longest));
            }
        } finally {
            waiting.set(false);
            parked = null;
        }
        return polled;
    }

    /** Lane thread, in a rebalance callback: it is not waiting, so nobody needs to wake it. */
    void busy() {
        waiting.set(false);
    }

    /**
     * Lane thread: runs another blocking call of the consumer, also inside a rebalance callback. A
     * wake-up that was meant for the poll is absorbed.
     *
     * @param call the call; repeated once
     * @return its result
     */
    <T> T undisturbed(Supplier<T> call) {
        busy();
        try {
            return call.get();
        } catch (WakeupException _) {
            return call.get();
        }
    }
}
