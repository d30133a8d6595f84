package dev.thac.testkit.answer;

/** Deterministic noise. */
public final class Hash {

    private Hash() {}

    /** Scatters a number over all 64 bits (the finaliser of SplitMix64). */
    public static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** The hash of a text, mixed with a start value. */
    public static long of(long start, String text) {
        return mix(start ^ text.hashCode() * 0x9e3779b97f4a7c15L ^ text.length());
    }
}
