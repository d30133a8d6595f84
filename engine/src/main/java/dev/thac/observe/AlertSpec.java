package dev.thac.observe;

import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Optional;

/** One alert. The keys are described by their {@link Key} annotations. */
public record AlertSpec(
        @Key(
                        value =
                                "The condition: a signal, a comparison and a threshold, several"
                                        + " joined by \"and\". Left out: that of the built-in alert"
                                        + " of this name.",
                        example = "lag > 300s")
                Optional<String> when,
        @Key(
                        value =
                                "How long it must hold before the alert fires. Left out: as the"
                                        + " built-in alert of this name; 5m for one of your own.",
                        example = "5m")
                Optional<Duration> hold,
        @Key(
                        value =
                                "How long it must have stopped holding before the alert clears."
                                        + " Left out: 1m.",
                        example = "1m")
                Optional<Duration> clear,
        @Key(
                        value =
                                "Say it again while the alert goes on firing, so often; 0s: never."
                                        + " Left out: 4h.",
                        example = "4h")
                Optional<Duration> repeat,
        @Key(
                        "warning or critical. Left out: as the built-in alert of this name; warning"
                                + " for one of your own.")
                Optional<Severity> severity,
        @Key("Topic that gets a message when the alert fires and when it clears.")
                Optional<String> to,
        @Key("Address that gets the same messages.") Optional<WebhookAlertSpec> webhook) {}
