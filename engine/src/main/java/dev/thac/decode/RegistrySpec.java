package dev.thac.decode;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;

import java.util.Optional;

/**
 * The schema registry for Avro and Protobuf. The keys are described by their {@link Key}
 * annotations.
 */
public record RegistrySpec(
        @Key("Base URL of a Confluent-compatible registry.") String url,
        @Key("Bearer token.") Optional<Secret> token) {}
