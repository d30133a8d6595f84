package dev.thac.observe;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;

import java.util.Optional;

/** Where an alert is posted. The keys are described by their {@link Key} annotations. */
public record WebhookAlertSpec(
        @Key("Where to.") String url, @Key("Key that signs the body.") Optional<Secret> secret) {}
