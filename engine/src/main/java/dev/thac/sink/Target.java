package dev.thac.sink;

import org.apache.kafka.common.TopicPartition;

import java.util.List;

/**
 * Where a sink writes. {@link #write} runs on one thread at a time, the others on the sink's thread
 * while nothing is being written.
 */
interface Target extends AutoCloseable {

    /**
     * Writes records, in their order wherever the order shows. What is durably there is reported as
     * done and what can never be taken as refused, at once; what is neither when this returns is
     * offered again.
     *
     * @param open records of a batch that are neither done nor refused, each partition's in order
     * @param batch hears what becomes of them
     * @throws UnavailableException when the target cannot take them now
     * @throws InterruptedException when the thread is interrupted: the partitions are leaving
     */
    void write(List<Polled> open, Batch batch) throws UnavailableException, InterruptedException;

    /** The most records that are written together. */
    int batchSize();

    /**
     * A partition came.
     *
     * @param place the partition
     * @param position where reading begins
     * @param note what was committed with that position; empty where nothing was
     * @return what to commit with the position before anything is written; empty for nothing
     */
    default String assigned(TopicPartition place, long position, String note) {
        return "";
    }

    /**
     * A partition leaves; nothing of it is being written.
     *
     * @param place the partition
     */
    default void released(TopicPartition place) {}

    /** Gives back what it holds. */
    @Override
    void close();
}
