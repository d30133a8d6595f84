package dev.thac.cascade;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.Map;

/** One free rule. The keys are described by their {@link Key} annotations. */
public record RuleSpec(
        @Key(value = "Condition over the event.", example = "value.rating == 5") CelText when,
        @Key(value = "The whole answer when it holds.", nonEmpty = true) Map<String, Tree> then) {}
