package dev.thac.cost;

import dev.thac.event.TokenUsage;

import java.util.Locale;

/** The exclusive kinds of tokens that prices and metrics tell apart. */
public enum TokenKind {
    /** Input that the provider's cache had no part in. */
    INPUT,
    /** Input read from the provider's cache. */
    CACHE_READ,
    /** Input written to the provider's cache. */
    CACHE_WRITE,
    /** Input written to the provider's cache for longer than its usual time. */
    CACHE_WRITE_LONG,
    /** Output that is not thinking. */
    OUTPUT,
    /** Thinking, billed like output. */
    THINKING;

    private final String label = name().toLowerCase(Locale.ROOT);

    /**
     * The metric label.
     *
     * @return for example {@code cache_read}
     */
    public String label() {
        return label;
    }

    /**
     * How many tokens of this kind a usage has.
     *
     * @param usage the usage
     * @return their number
     */
    public long of(TokenUsage usage) {
        return switch (this) {
            case INPUT -> usage.input();
            case CACHE_READ -> usage.cacheRead();
            case CACHE_WRITE -> usage.cacheWrite();
            case CACHE_WRITE_LONG -> usage.cacheWriteLong();
            case OUTPUT -> usage.output();
            case THINKING -> usage.thinking();
        };
    }
}
