package dev.thac.kafka;

import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/** Tells errors that mean another producer has taken the transactional id over. */
final class Fencing {

    private static final int DEEP = 10;

    private Fencing() {}

    /** Whether that is why. */
    static boolean caused(Throwable error) {
        @Nullable Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEP; depth++) {
            if (fenced(cause)) {
                return true;
            }
            for (Throwable suppressed : cause.getSuppressed()) {
                if (fenced(suppressed)) {
                    return true;
                }
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean fenced(Throwable cause) {
        return cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException;
    }
}
