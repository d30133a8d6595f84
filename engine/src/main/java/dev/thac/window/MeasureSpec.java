package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.util.Optional;

/** One figure of a window. The keys are described by their {@link Key} annotations. */
public record MeasureSpec(
        @Key("Which figure.") MeasureKind kind,
        @Key("Of what.") Optional<CelText> of,
        @Key("How many, for topk.") Optional<Integer> k) {}
