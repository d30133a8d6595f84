package dev.thac.cascade;

import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.Map;

/** One worked example. The keys are described by their {@link Key} annotations. */
public record ExampleSpec(
        @Key("The input text.") String input,
        @Key("The right answer, field by field.") Map<String, Tree> answer) {}
