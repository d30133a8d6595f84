package dev.thac.recover;

import dev.thac.spec.Key;

import java.util.Optional;

/**
 * What happens to events that cannot be settled. The keys are described by their {@link Key}
 * annotations.
 */
public record FailuresSpec(
        @Key(value = "Attempts for one event.", orElse = "{}") RetrySpec retry,
        @Key("Topic for events that cannot be settled. Left out: <pipeline>.dlq.")
                Optional<String> deadLetter) {}
