package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * An object with some members more, which win over those of their names: quicker to make than a
 * copy of it all, and most of it is never looked at. Immutable, as long as nobody changes the maps
 * below.
 */
final class OverlaidMap extends AbstractMap<String, @Nullable Object> {

    private final Map<String, @Nullable Object> below;
    private final Map<String, @Nullable Object> members;
    private final int replaced;

    OverlaidMap(Map<String, @Nullable Object> below, Map<String, @Nullable Object> members) {
        this.below = below;
        this.members = members;
        int both = 0;
        for (String name : members.keySet()) {
            both += below.containsKey(name) ? 1 : 0;
        }
        this.replaced = both;
    }

    /** Whether there were members of those names. */
    boolean replaces() {
        return replaced > 0;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        Object own = members.get(name);
        return own != null || members.containsKey(name) ? own : below.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return members.containsKey(name) || below.containsKey(name);
    }

    @Override
    public int size() {
        return below.size() + members.size() - replaced;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        below.forEach((name, value) -> action.accept(name, members.getOrDefault(name, value)));
        members.forEach(
                (name, value) -> {
                    if (replaced == 0 || !below.containsKey(name)) {
                        action.accept(name, value);
                    }
                });
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        Map<String, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(size());
        forEach(copy::put);
        return copy.entrySet();
    }
}
