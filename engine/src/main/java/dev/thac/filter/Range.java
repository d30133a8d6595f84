package dev.thac.filter;

import dev.thac.event.Numbers;

import org.jspecify.annotations.Nullable;

/**
 * The matcher {@code numeric} with bounds.
 *
 * @param bottom lower bound, where there is one
 * @param bottomOpen whether it is excluded
 * @param top upper bound, where there is one
 * @param topOpen whether it is excluded
 */
record Range(@Nullable Number bottom, boolean bottomOpen, @Nullable Number top, boolean topOpen)
        implements Matcher {

    @Override
    public boolean matches(@Nullable Object leaf) {
        if (!(leaf instanceof Number number) || Numbers.isNaN(number)) {
            return false;
        }
        if (bottom != null) {
            int order = Numbers.compare(number, bottom);
            if (order < 0 || (order == 0 && bottomOpen)) {
                return false;
            }
        }
        if (top != null) {
            int order = Numbers.compare(number, top);
            return order < 0 || (order == 0 && !topOpen);
        }
        return true;
    }
}
