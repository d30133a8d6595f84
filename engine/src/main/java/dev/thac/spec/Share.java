package dev.thac.spec;

/**
 * A share of a whole, written {@code 10%} or {@code 0.1}.
 *
 * @param ratio from 0 to 1
 */
public record Share(double ratio) {

    /** Refuses what is no share. */
    public Share {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("a share lies between 0% and 100%: " + ratio);
        }
    }
}
