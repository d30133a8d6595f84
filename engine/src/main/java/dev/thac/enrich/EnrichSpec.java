package dev.thac.enrich;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.TemplateText;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One lookup that adds a member to the value. The keys are described by their {@link Key}
 * annotations.
 */
public record EnrichSpec(
        @Key("Name of a database in thac.yaml. Exactly one of jdbc, http and table is needed.")
                Optional<String> jdbc,
        @Key(
                        "With jdbc: one select with :name parameters, which finds at most one row."
                                + " Its columns become the members.")
                Optional<String> query,
        @Key(
                        "URL of a JSON service, asked by GET. Values are percent-encoded; 404 is"
                                + " nothing found.")
                Optional<TemplateText> http,
        @Key("With http: request headers; ${env:NAME} is filled in.") Map<String, String> headers,
        @Key("A compacted topic read as a table: the latest value under a key.")
                Optional<String> table,
        @Key("Parameters: name to expression. With table: one, the key.") Map<String, CelText> with,
        @Key(
                        "Bounded cache of answers, of those that found nothing too. Left out: every"
                                + " event asks.")
                Optional<LookupCacheSpec> cache,
        @Key(
                        value =
                                "Longest wait for one answer of a database or a service; longer is"
                                        + " trouble, which is waited out.",
                        orElse = "5s")
                Duration timeout,
        @Key(
                        value =
                                "What happens to an event for which nothing is found: null (the"
                                        + " member is null), drop or dead-letter.",
                        orElse = "null")
                Missing missing) {}
