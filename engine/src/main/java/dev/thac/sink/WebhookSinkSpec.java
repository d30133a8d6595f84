package dev.thac.sink;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;
import dev.thac.spec.TemplateText;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** POST to a URL. The keys are described by their {@link Key} annotations. */
public record WebhookSinkSpec(
        @Key("Where to; may refer to ${env:NAME} or ${file:path}.") String url,
        @Key(
                        "Key that signs the body: Thac-Signature: t=SECONDS,v1=HEX with the"
                                + " HMAC-SHA256 of SECONDS.BODY.")
                Optional<Secret> secret,
        @Key("Headers to add.") Map<String, TemplateText> headers,
        @Key(value = "Longest wait for an answer.", orElse = "10s") Duration timeout,
        @Key(
                        value = "Most calls at a time; those of one key go one after the other.",
                        orElse = "8",
                        min = 1,
                        max = 1000)
                int calls) {}
