package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The one door into a lane: any thread puts finished entries in, the lane thread takes them out. A
 * lane that waits in {@code poll} is woken, at most once per poll.
 */
final class Inbox {

    private final ConcurrentLinkedQueue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Consumer<byte[], byte[]> consumer;

    Inbox(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Any thread: hands over an entry that has its outcome or its defect. */
    void put(Entry entry) {
        queue.add(entry);
        wake();
    }

    /** Any thread: ends the lane's wait, if it waits. */
    void wake() {
        if (waiting.get() && waiting.compareAndSet(true, false)) {
            consumer.wakeup();
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
        waiting.set(true);
        try {
            return consumer.poll(queue.isEmpty() ? wait.get() : Duration.ZERO);
        } catch (WakeupException _) {
            return ConsumerRecords.empty();
        } finally {
            waiting.set(false);
        }
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
