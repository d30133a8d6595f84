package dev.thac.batch;

import java.time.Duration;
import java.util.Optional;

/**
 * When a batch closes: at the first of its bounds.
 *
 * @param size most items in a call
 * @param longestWait longest wait of the first item for others; empty: no such bound
 * @param tokens most tokens in a call, about; an item that is larger alone goes alone
 */
public record BatchBounds(int size, Optional<Duration> longestWait, int tokens) {

    /** One item a call. */
    public static final BatchBounds ALONE = new BatchBounds(1, Optional.empty(), Integer.MAX_VALUE);

    /** Refuses bounds that no batch can meet. */
    public BatchBounds {
        if (size < 1 || tokens < 1) {
            throw new IllegalArgumentException(
                    "a batch needs room for one item: size " + size + ", tokens " + tokens);
        }
    }

    /**
     * The bounds a file declares.
     *
     * @param spec the declaration
     * @param safeSize most items in a call where the file gives no size
     * @return the bounds
     */
    public static BatchBounds of(BatchSpec spec, int safeSize) {
        return new BatchBounds(
                spec.size().orElse(safeSize),
                spec.longestWait(),
                spec.tokens().orElse(Integer.MAX_VALUE));
    }
}
