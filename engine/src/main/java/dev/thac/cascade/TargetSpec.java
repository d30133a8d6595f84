package dev.thac.cascade;

import dev.thac.spec.Key;
import dev.thac.spec.Share;

/** A measured fidelity. The keys are described by their {@link Key} annotations. */
public record TargetSpec(
        @Key("Share of answers that equal those of the reference tier.") Share fidelity,
        @Key("The reference: a model of this file.") String reference) {}
