package dev.thac.kafka;

/**
 * How outcomes become records and offsets become commits; one implementation per {@link
 * DeliveryMode}. Owned by the lane thread.
 */
sealed interface Emission permits AtLeastOnce, ExactlyOnce {

    /** An entry of a live tracker has its outcome. */
    void settled(Entry entry);

    /**
     * Does what is due, without waiting for acknowledgements.
     *
     * @param now the ticker's nanoseconds
     * @param crowded whether uncommitted events take so much room that a commit should not wait for
     *     its time
     */
    void advance(long now, boolean crowded);

    /**
     * How long the lane may wait before {@link #advance} has something to do.
     *
     * @param now the ticker's nanoseconds
     * @return nanoseconds; 0 when there is something now
     */
    long idleNanos(long now);

    /**
     * Makes everything durable that can be, waiting for it.
     *
     * @param deadline the ticker's nanoseconds at which to give up
     * @return whether nothing finished is left uncommitted
     */
    boolean commitAll(long deadline);

    /** Trackers were closed without a commit: nothing of them may be committed any more. */
    void lost();
}
