package dev.thac.enrich;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.TemplateText;

import java.util.Map;
import java.util.Optional;

/**
 * One lookup that adds members to the value. The keys are described by their {@link Key}
 * annotations.
 */
public record EnrichSpec(
        @Key("Name of a database in thac.yaml.") Optional<String> jdbc,
        @Key("SQL with :name parameters; must return at most one row.") Optional<String> query,
        @Key("URL of a JSON service.") Optional<TemplateText> http,
        @Key("A compacted topic read as a table.") Optional<String> table,
        @Key("Parameters: name to expression.") Map<String, CelText> with,
        @Key("Bounded cache of answers.") Optional<LookupCacheSpec> cache,
        @Key(
                        value = "What to do when nothing is found: null, drop or dead-letter.",
                        orElse = "null")
                Missing missing) {}
