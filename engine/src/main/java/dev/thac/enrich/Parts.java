package dev.thac.enrich;

import org.jspecify.annotations.Nullable;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * What one event asks for: a list like any other, but quick to find in a cache. Immutable, as long
 * as nobody changes the array.
 */
final class Parts extends AbstractList<@Nullable Object> implements RandomAccess {

    private final @Nullable Object[] values;
    private final int hash;

    /** Takes the array over. */
    Parts(@Nullable Object... values) {
        this.values = values;
        this.hash = Arrays.hashCode(values);
    }

    @Override
    public @Nullable Object get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Parts parts
                ? hash == parts.hash && Arrays.equals(values, parts.values)
                : super.equals(other);
    }

    /** As lists do it. */
    @Override
    public int hashCode() {
        return hash;
    }
}
