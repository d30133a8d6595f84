package dev.thac.cascade;

import dev.thac.spec.Key;

import java.util.List;

/** Settings of the learned tier. The keys are described by their {@link Key} annotations. */
public record LearnedSpec(
        @Key("Paths of the features. Default: the input text.") List<String> fields,
        @Key(value = "Labels before it may answer.", orElse = "300", min = 1) int warmup) {}
