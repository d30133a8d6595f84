package dev.thac.decode;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A small immutable object: names and values side by side in one array, in document order. Half the
 * size of a {@code LinkedHashMap}, and quicker to build and to ask while it is small: names are
 * interned, so that the first pass of a look-up compares references.
 */
final class CompactMap extends AbstractMap<String, @Nullable Object> {

    private static final int STRIDE = 2;

    private final @Nullable Object[] pairs;
    private final int used;

    /**
     * Takes an array over.
     *
     * @param pairs name, value, name, value…; no name twice
     * @param used how much of the array is used
     */
    CompactMap(@Nullable Object[] pairs, int used) {
        this.pairs = pairs;
        this.used = used;
    }

    @SuppressWarnings("ReferenceEquality") // only a short cut: equality is tried after it
    private int find(@Nullable Object name) {
        for (int i = 0; i < used; i += STRIDE) {
            if (pairs[i] == name) {
                return i;
            }
        }
        if (name instanceof String) {
            for (int i = 0; i < used; i += STRIDE) {
                if (name.equals(pairs[i])) {
                    return i;
                }
            }
        }
        return -1;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        int at = find(name);
        return at < 0 ? null : pairs[at + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return find(name) >= 0;
    }

    @Override
    public int size() {
        return used / STRIDE;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        for (int i = 0; i < used; i += STRIDE) {
            action.accept(name(i), pairs[i + 1]);
        }
    }

    private String name(int at) {
        return String.valueOf(pairs[at]);
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, @Nullable Object>> {
        @Override
        public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < used;
                }

                @Override
                public Map.Entry<String, @Nullable Object> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    int at = next;
                    next += STRIDE;
                    return new SimpleImmutableEntry<>(name(at), pairs[at + 1]);
                }
            };
        }

        @Override
        public int size() {
            return CompactMap.this.size();
        }
    }
}
