package dev.thac.observe;

import dev.thac.spec.Key;
import dev.thac.spec.Secret;

import java.util.Optional;

/** Where an alert is posted. The keys are described by their {@link Key} annotations. */
public record WebhookAlertSpec(
        @Key(
                        "An http or https address; ${env:NAME} and ${file:path} in it are filled in"
                                + " at the start.")
                String url,
        @Key("Key that signs the body, in the header Thac-Signature.") Optional<Secret> secret) {}
