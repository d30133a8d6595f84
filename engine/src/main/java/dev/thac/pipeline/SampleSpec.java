package dev.thac.pipeline;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.Share;

import java.util.Optional;

/** Judge only a share of the events. The keys are described by their {@link Key} annotations. */
public record SampleSpec(
        @Key(
                        value =
                                "The share judged: of many events about so many, each chosen for"
                                        + " itself. A larger share keeps what a smaller one chose.",
                        example = "10%")
                Share share,
        @Key(
                        value =
                                "What the choice hangs on: events for which it gives the same are"
                                    + " all judged or all left out. Where it gives null, and where"
                                    + " it is left out, every event is chosen by its place in the"
                                    + " source topic.",
                        example = "value.customer")
                Optional<CelText> by,
        @Key(
                        value =
                                "Sample every value of this expression by itself: the share holds"
                                    + " for each, what was chosen for one says nothing about the"
                                    + " others, and the value stands in the header"
                                    + " thac.sample.stratum.",
                        example = "value.country")
                Optional<CelText> stratify) {}
