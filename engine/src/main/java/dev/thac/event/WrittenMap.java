package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * An object that many events carry, such as a row that was looked up once: it is written as JSON
 * once, and {@link JsonWriter} copies that. Immutable, as long as nobody changes the map below.
 */
public final class WrittenMap extends AbstractMap<String, @Nullable Object> {

    private final Map<String, @Nullable Object> map;
    private final byte[] json;

    private WrittenMap(Map<String, @Nullable Object> map, byte[] json) {
        this.map = map;
        this.json = json;
    }

    /**
     * Writes a tree where that is worth it.
     *
     * @param tree a tree as {@link Event} describes them; not to be changed any more
     * @return an equal tree
     */
    @SuppressWarnings("unchecked") // objects have names
    public static Object of(Object tree) {
        return tree instanceof Map<?, ?> map
                ? new WrittenMap(
                        (Map<String, @Nullable Object>) map, new JsonWriter().value(map).bytes())
                : tree;
    }

    /** The bytes, not copied. */
    byte[] json() {
        return json;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        return map.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return map.containsKey(name);
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        map.forEach(action);
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return map.entrySet();
    }
}
