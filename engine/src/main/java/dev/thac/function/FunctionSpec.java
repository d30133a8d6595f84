package dev.thac.function;

import dev.thac.batch.BatchSpec;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Optional;

/**
 * A function called with batches of events, as AWS Lambda event source mappings do. The keys are
 * described by their {@link Key} annotations.
 */
public record FunctionSpec(
        @Key("URL called with the batch.") Optional<String> http,
        @Key("Command started once and fed with batches.") Optional<String> process,
        @Key("Handler class in a jar.") Optional<String> java,
        @Key("The jar with the handler.") Optional<String> jar,
        @Key("How many events in a call.") Optional<BatchSpec> batch,
        @Key(value = "Split a failing batch in half.", orElse = "true") boolean bisect,
        @Key(value = "Read batchItemFailures from the answer.", orElse = "true")
                boolean partialResponse,
        @Key(value = "Longest run of one call.", orElse = "60s") Duration timeout,
        @Key(value = "Calls in flight.", orElse = "5", min = 1) int concurrency) {}
