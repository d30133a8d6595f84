package dev.thac.database;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;

import java.util.Optional;

/** A database. The keys are described by their {@link Key} annotations. */
public record DatabaseSpec(
        @Key("JDBC URL.") String url,
        @Key("User name.") Optional<String> user,
        @Key("Password.") Optional<Secret> password,
        @Key(value = "Connections.", orElse = "8", min = 1) int pool) {}
