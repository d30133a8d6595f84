package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One windowed aggregation. The keys are described by their {@link Key} annotations. */
public record WindowSpec(
        @Key(value = "events or verdicts.", orElse = "events") WindowSource of,
        @Key("What is grouped.") List<CelText> by,
        @Key("Fixed windows of this size.") Optional<Duration> tumbling,
        @Key("Overlapping windows of this size, with every.") Optional<Duration> hopping,
        @Key("How often a hopping window starts.") Optional<Duration> every,
        @Key("Windows that end after this much silence.") Optional<Duration> session,
        @Key("Windows ending at each event.") Optional<Duration> sliding,
        @Key(value = "How late an event may come.", orElse = "0s") Duration grace,
        @Key(value = "Figures by name.", nonEmpty = true) Map<String, MeasureSpec> measures,
        @Key(value = "updates or final.", orElse = "updates") WindowEmit emit,
        @Key("Emit only when this holds.") Optional<CelText> when,
        @Key("Start again when this holds.") Optional<CelText> reset,
        @Key("The output topic.") String to,
        @Key("Topic for events that came too late.") Optional<String> late) {}
