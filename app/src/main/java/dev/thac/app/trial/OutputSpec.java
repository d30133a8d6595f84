package dev.thac.app.trial;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A record that must be written. The keys are described by their {@link Key} annotations. */
public record OutputSpec(
        @Key("The topic it goes to.") String topic,
        @Key("Its key.") Optional<String> key,
        @Key("What its value has at least: other members of objects are not looked at.")
                Optional<Tree> value,
        @Key("Headers it has at least.") Map<String, String> headers,
        @Key("Conditions that hold for it, over value and analysis.") List<CelText> where,
        @Key(value = "How many records look like this.", orElse = "1", min = 1) int times) {}
