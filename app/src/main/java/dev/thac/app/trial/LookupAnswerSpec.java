package dev.thac.app.trial;

import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.Map;
import java.util.Optional;

/** What a lookup finds in a test. The keys are described by their {@link Key} annotations. */
public record LookupAnswerSpec(
        @Key("Name of the lookup in the pipeline file.") String lookup,
        @Key("The parameters it is asked with, all of them; with a table, its one key.")
                Map<String, Tree> with,
        @Key(value = "With http: the URL it is asked for.", example = "https://stock/items/i-1")
                Optional<String> url,
        @Key("What it finds. Left out: nothing.") Optional<Tree> found) {}
