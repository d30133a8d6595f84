package dev.thac.redact;

import dev.thac.spec.Key;

import java.util.List;
import java.util.Map;

/** Personal data kept from models. The keys are described by their {@link Key} annotations. */
public record RedactSpec(
        @Key("Built-in detectors.") List<RedactKind> kinds,
        @Key("Name to regular expression.") Map<String, String> custom,
        @Key("Paths replaced as a whole, for example value.phone.") List<String> fields) {}
