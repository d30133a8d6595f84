package dev.thac.database;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;

import java.util.Optional;

/** A database. The keys are described by their {@link Key} annotations. */
public record DatabaseSpec(
        @Key(
                        "JDBC URL, for example jdbc:postgresql://db.internal:5432/shop. ${env:NAME}"
                                + " is filled in; a password belongs under password.")
                String url,
        @Key("User name; ${env:NAME} is filled in.") Optional<String> user,
        @Key("Password.") Optional<Secret> password,
        @Key(
                        value =
                                "Most connections at a time of a pipeline's lookups, and as many of"
                                        + " each of its sinks.",
                        orElse = "8",
                        min = 1)
                int pool) {}
