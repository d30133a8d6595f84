package dev.thac.cascade;

import dev.thac.spec.Key;
import dev.thac.spec.Share;

/** How often early answers are checked. The keys are described by their {@link Key} annotations. */
public record AuditSpec(
        @Key(
                        value = "Share of accepted answers that are also sent to the reference.",
                        orElse = "5%")
                Share share) {}
