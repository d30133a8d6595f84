package dev.thac.kafka;

import java.time.Instant;
import java.util.function.LongPredicate;

/**
 * What must be known before the events of a partition that was just assigned may be judged, such as
 * the answers that a former owner has paid for. Called on the lane thread; must not block.
 */
public interface Recovery {

    /** Nothing. */
    Recovery NONE =
            new Recovery() {
                @Override
                public void begin(Unfinished unfinished, Runnable ready) {
                    ready.run();
                }

                @Override
                public void end(String topic, int partition) {}
            };

    /**
     * What a commit left open in a partition.
     *
     * @param topic the topic
     * @param partition the partition
     * @param from the committed offset; events below it are finished. -1 where the group has no
     *     commit
     * @param finished whether an offset at or beyond {@code from} is finished according to the
     *     commit's offset map
     * @param since no event that is unfinished was read before that time; {@link Instant#EPOCH}
     *     when unknown
     */
    record Unfinished(
            String topic, int partition, long from, LongPredicate finished, Instant since) {}

    /**
     * A partition was assigned. Its events are polled, and wait until {@code ready} was called.
     *
     * @param unfinished what is open in it
     * @param ready to be called once, by any thread, at once or later
     */
    void begin(Unfinished unfinished, Runnable ready);

    /**
     * The assignment ended; {@code ready} of it has no effect any more.
     *
     * @param topic the topic
     * @param partition the partition
     */
    void end(String topic, int partition);
}
