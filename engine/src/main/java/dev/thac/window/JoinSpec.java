package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.time.Duration;

/** A join of events with another topic. The keys are described by their {@link Key} annotations. */
public record JoinSpec(
        @Key(
                        value =
                                "What an event (as read, filtered and derived) is joined by; texts"
                                        + " and numbers are compared as texts.",
                        example = "value.id")
                CelText by,
        @Key("The other side.") JoinedTopicSpec with,
        @Key(value = "How far apart in event time two partners may be, either way.", example = "5m")
                Duration within,
        @Key(
                        value =
                                "inner: pairs only; left: also events without a partner; outer:"
                                    + " records of the other topic without one, too. What has no"
                                    + " partner is written when none can come any more.",
                        orElse = "inner")
                JoinKind kind,
        @Key(
                        value =
                                "How far behind the newest event time of its partition a record may"
                                        + " come and still be joined, beyond within. What comes"
                                        + " later is passed over.",
                        orElse = "10m")
                Duration grace,
        @Key("The output topic, of {\"key\", \"left\", \"right\"}.") String to) {}
