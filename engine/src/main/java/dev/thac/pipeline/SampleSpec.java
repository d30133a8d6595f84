package dev.thac.pipeline;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.Share;

import java.util.Optional;

/** Judge only a share of the events. The keys are described by their {@link Key} annotations. */
public record SampleSpec(
        @Key("The share judged, for example 10%.") Share share,
        @Key("What the choice hangs on. Default: the identity of the event.") Optional<CelText> by,
        @Key("Sample within each value of this expression.") Optional<CelText> stratify) {}
