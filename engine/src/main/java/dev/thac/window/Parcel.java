package dev.thac.window;

import org.jspecify.annotations.Nullable;

/** What one part of the topology hands on. */
sealed interface Parcel {

    /**
     * To the part that keeps the windows of one declaration.
     *
     * @param window its place among the windows of the topology
     * @param signal an event or a mark, as {@link Signal} writes them
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Inside(int window, byte[] signal) implements Parcel {}

    /**
     * To a topic.
     *
     * @param topic its name
     * @param value the record's value
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Outside(String topic, byte @Nullable [] value) implements Parcel {}
}
