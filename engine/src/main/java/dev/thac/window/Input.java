package dev.thac.window;

import org.jspecify.annotations.Nullable;

/**
 * What one event brings to the figures of its windows.
 *
 * @param time when it happened
 * @param offset its place in its partition; tells the later of two events of the same time
 * @param values one per figure: a number, a text, a truth value, or null where it has none
 */
@SuppressWarnings("ArrayRecordComponent")
record Input(long time, long offset, @Nullable Object[] values) {}
