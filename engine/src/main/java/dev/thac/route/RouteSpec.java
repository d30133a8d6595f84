package dev.thac.route;

import dev.thac.decode.Format;
import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;
import dev.thac.spec.TemplateText;

import java.util.Map;
import java.util.Optional;

/**
 * One output topic. Every route whose condition holds gets the event. The keys are described by
 * their {@link Key} annotations.
 */
public record RouteSpec(
        @Key(value = "The output topic.", example = "reviews.analyzed") String to,
        @Key("Condition; left out: always.") Optional<CelText> when,
        @Key(value = "Takes the events that no other route took.", orElse = "false")
                boolean otherwise,
        @Key("The output key. Left out: the key of the source record.") Optional<CelText> key,
        @Key("Headers to add: name to text with placeholders.") Map<String, TemplateText> headers,
        @Key("The output partition, a number.") Optional<CelText> partition,
        @Key(value = "event or verdict.", orElse = "event") Emit emit,
        @NotYet @Key("Another encoding of the output.") Optional<Format> format) {}
