package dev.thac.kafka;

import org.apache.kafka.common.KafkaFuture;

import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * What the brokers answered to one of several questions asked at once.
 *
 * @param <T> what was asked for
 */
sealed interface Answer<T> {

    /**
     * The answer.
     *
     * @param content what was asked for
     */
    record Given<T>(T content) implements Answer<T> {}

    /**
     * None.
     *
     * @param reason what the brokers said instead
     */
    record Refused<T>(Throwable reason) implements Answer<T> {}

    /** Waits for the answer. */
    static <T> Answer<T> of(KafkaFuture<T> future) throws InterruptedException {
        try {
            return new Given<>(future.get());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return new Refused<>(cause == null ? e : cause);
        }
    }

    /** What was asked for; empty when it was refused. */
    default Optional<T> value() {
        return switch (this) {
            case Given<T>(T content) -> Optional.of(content);
            case Refused<T> _ -> Optional.empty();
        };
    }

    /** Why there is none. */
    default Optional<Throwable> refusal() {
        return switch (this) {
            case Given<T> _ -> Optional.empty();
            case Refused<T>(Throwable reason) -> Optional.of(reason);
        };
    }

    /** Whether it was refused for a reason of this type. */
    default boolean refused(Class<? extends Throwable> type) {
        return refusal().filter(type::isInstance).isPresent();
    }
}
