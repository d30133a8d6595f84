package dev.thac.sink;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;
import dev.thac.spec.TemplateText;

import java.util.Map;
import java.util.Optional;

/** POST to a URL. The keys are described by their {@link Key} annotations. */
public record WebhookSinkSpec(
        @Key("Where to.") String url,
        @Key("Key that signs the body.") Optional<Secret> secret,
        @Key("Headers to add.") Map<String, TemplateText> headers) {}
