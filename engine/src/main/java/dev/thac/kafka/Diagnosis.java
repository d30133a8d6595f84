package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Says of an error that ended a lane whose trouble it is: brokers that cannot be reached or do not
 * know the user any more, rights that were taken away, or something else.
 */
public final class Diagnosis {

    private static final int DEEP = 10;

    private Diagnosis() {}

    /**
     * Looks at an error.
     *
     * @param error what ended a lane
     * @param lane its settings
     * @return {@code KAFKA_DENIED} with the rights to grant, {@code KAFKA_UNAVAILABLE} with what
     *     was said, or the error as it is
     */
    public static Throwable of(Throwable error, LaneSettings lane) {
        if (error instanceof ThacException known && known.code() != ErrorCode.KAFKA_UNAVAILABLE) {
            return error;
        }
        @Nullable Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEP; depth++) {
            Optional<ThacException> found = found(cause, lane);
            if (found.isPresent()) {
                return found.get();
            }
            cause = cause.getCause();
        }
        return error;
    }

    private static Optional<ThacException> found(Throwable cause, LaneSettings lane) {
        Grants grants = new Grants(lane.brokers(), lane.kafka());
        return switch (cause) {
            case GroupAuthorizationException _ ->
                    denied(
                            "this user may not be a member of group " + lane.source().group(),
                            grants.group(lane.source().group()),
                            cause);
            case TransactionalIdAuthorizationException _ ->
                    denied(
                            "this user may not use the transactional id " + lane.name(),
                            grants.transactionalIds(lane.pipeline()),
                            cause);
            case TopicAuthorizationException refused ->
                    denied(
                            "this user may not read " + refused.unauthorizedTopics(),
                            grants.topic(
                                    String.join(",", refused.unauthorizedTopics()),
                                    List.of(AclOperation.READ)),
                            cause);
            case AuthenticationException _ ->
                    Optional.of(
                            new ThacException(
                                    ErrorCode.KAFKA_UNAVAILABLE,
                                    lane.brokers()
                                            + " refuses this user's credentials ("
                                            + cause.getMessage()
                                            + "); tried again until it takes them",
                                    cause));
            case RetriableException _ ->
                    Optional.of(
                            new ThacException(
                                    ErrorCode.KAFKA_UNAVAILABLE,
                                    lane.brokers() + ": " + cause.getMessage(),
                                    cause));
            default -> Optional.empty();
        };
    }

    private static Optional<ThacException> denied(String what, String grant, Throwable cause) {
        return Optional.of(new ThacException(ErrorCode.KAFKA_DENIED, what + "\n  " + grant, cause));
    }
}
