package dev.thac.event;

/**
 * Tokens of one or several model calls, in exclusive kinds: every token is counted in exactly one,
 * whatever way the provider reports it.
 *
 * @param input input tokens that were neither read from nor written to the provider's cache
 * @param cacheRead input tokens read from the provider's cache
 * @param cacheWrite input tokens written to the provider's cache for its usual time (Anthropic:
 *     five minutes)
 * @param cacheWriteLong input tokens written to the provider's cache for longer (Anthropic: an
 *     hour), which costs more
 * @param output output tokens that are not thinking
 * @param thinking output tokens spent on thinking
 */
public record TokenUsage(
        long input,
        long cacheRead,
        long cacheWrite,
        long cacheWriteLong,
        long output,
        long thinking) {

    /** No tokens. */
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0);

    /**
     * A usage that wrote nothing to a cache for longer than usual.
     *
     * @param input input tokens that the cache had no part in
     * @param cacheRead input tokens read from the cache
     * @param cacheWrite input tokens written to the cache
     * @param output output tokens that are not thinking
     * @param thinking output tokens spent on thinking
     */
    public TokenUsage(long input, long cacheRead, long cacheWrite, long output, long thinking) {
        this(input, cacheRead, cacheWrite, 0, output, thinking);
    }

    /**
     * The sum, kind by kind.
     *
     * @param other what to add
     * @return this plus {@code other}
     */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                cacheWriteLong + other.cacheWriteLong,
                output + other.output,
                thinking + other.thinking);
    }

    /**
     * The same tokens as if the provider's cache had had no part in them.
     *
     * @return all input in one kind
     */
    public TokenUsage uncached() {
        return new TokenUsage(allInput(), 0, 0, output, thinking);
    }

    /**
     * Part {@code index} of {@code parts}; the parts add up exactly, kind by kind.
     *
     * @param index which part, from 0
     * @param parts how many there are
     * @return that part
     */
    public TokenUsage share(int index, int parts) {
        return new TokenUsage(
                share(input, index, parts),
                share(cacheRead, index, parts),
                share(cacheWrite, index, parts),
                share(cacheWriteLong, index, parts),
                share(output, index, parts),
                share(thinking, index, parts));
    }

    /**
     * All tokens of all kinds.
     *
     * @return the sum
     */
    public long total() {
        return allInput() + output + thinking;
    }

    /**
     * All input tokens, whatever the provider's cache had to do with them.
     *
     * @return the sum
     */
    public long allInput() {
        return input + cacheRead + cacheWrite + cacheWriteLong;
    }

    private static long share(long tokens, int index, int parts) {
        return tokens / parts + (index < tokens % parts ? 1 : 0);
    }
}
