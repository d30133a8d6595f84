package dev.thac.spec;

/**
 * An amount of bytes, written {@code 512B}, {@code 64KiB} or {@code 6MB} (KiB, MiB, GiB = powers of
 * 1,024; KB, MB, GB = powers of 1,000).
 *
 * @param bytes how many; not negative
 */
public record DataSize(long bytes) {

    /** Refuses negative sizes. */
    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
    }
}
