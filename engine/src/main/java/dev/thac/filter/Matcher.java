package dev.thac.filter;

import org.jspecify.annotations.Nullable;

/** One entry of a field's list. Immutable. */
interface Matcher {

    /**
     * Whether a value matches.
     *
     * @param leaf a {@code String}, {@code Number}, {@code Boolean} or {@code null}
     * @return true when it does
     */
    boolean matches(@Nullable Object leaf);
}
