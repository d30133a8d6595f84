package dev.thac.enrich;

import dev.thac.event.WrittenMap;

import org.jspecify.annotations.Nullable;

/**
 * What a lookup found.
 *
 * @param tree the value; {@code null} also where nothing was found
 * @param present whether something was found
 */
public record Found(@Nullable Object tree, boolean present) {

    /** Nothing. */
    static final Found NOTHING = new Found(null, false);

    /** The same, quick to write many times. */
    Found written() {
        return tree == null ? this : new Found(WrittenMap.of(tree), present);
    }
}
