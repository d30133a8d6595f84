package dev.thac.app.trial;

import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A record with more than a value, or with a value that is no JSON. The keys are described by their
 * {@link Key} annotations.
 */
public record RecordSpec(
        @Key("The value, written as JSON.") Optional<Tree> value,
        @Key("The value's very bytes as text. Neither value nor text: no value at all.")
                Optional<String> text,
        @Key("The key.") Optional<String> key,
        @Key("The headers.") Map<String, String> headers,
        @Key("The record's time. Left out: the start of the test.") Optional<String> time) {

    Instant timeOr(Instant otherwise) {
        return time.map(Instant::parse).orElse(otherwise);
    }
}
