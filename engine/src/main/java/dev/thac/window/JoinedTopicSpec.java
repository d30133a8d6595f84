package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.util.Optional;

/** The other side of a join. The keys are described by their {@link Key} annotations. */
public record JoinedTopicSpec(
        @Key(
                        "The topic, of JSON values; what another pipeline writes, or any other. It"
                                + " is read committed.")
                String topic,
        @Key(value = "What its records are joined by.", example = "value.orderId") CelText by,
        @Key(
                        "Their event time, believed as far as source.maxAhead says. Default: the"
                                + " record timestamp.")
                Optional<CelText> time) {}
