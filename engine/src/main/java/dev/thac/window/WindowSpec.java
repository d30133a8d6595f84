package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One windowed aggregation. The keys are described by their {@link Key} annotations. */
public record WindowSpec(
        @Key(
                        value =
                                "What is counted: events (those that pass the filter, derived"
                                        + " members included) or verdicts (events after the whole"
                                        + " pipeline, with their analysis).",
                        orElse = "events")
                WindowSource of,
        @Key("What events are grouped by; left out, all are one group.") List<CelText> by,
        @Key(
                        "Windows of this size, one after the other, aligned to midnight UTC; those"
                                + " of whole days to midnight of the zone, and weeks to Monday."
                                + " Exactly one of tumbling, hopping, session and sliding is"
                                + " needed.")
                Optional<Duration> tumbling,
        @Key("Overlapping windows of this size, a new one every so often.")
                Optional<Duration> hopping,
        @Key("How often a hopping window starts; no longer than its size.")
                Optional<Duration> every,
        @Key("Windows that end after this much silence of their group.") Optional<Duration> session,
        @Key("Windows of this size that end with each event of their group.")
                Optional<Duration> sliding,
        @Key(
                        value =
                                "Time zone whose midnight begins windows of whole days, for example"
                                    + " Asia/Ho_Chi_Minh. Where clocks change, a day has 23 or 25"
                                    + " hours.",
                        orElse = "UTC")
                String zone,
        @Key(
                        value =
                                "How long after its end a window still takes events. Judged by the"
                                        + " event's own source partition: an event is late when the"
                                        + " largest event time seen there before it is past the end"
                                        + " of its window and this.",
                        orElse = "0s")
                Duration grace,
        @Key(
                        value =
                                "How long a source partition may be silent before windows close"
                                        + " without it.",
                        orElse = "1m")
                Duration idle,
        @Key(value = "Figures by name.", nonEmpty = true) Map<String, MeasureSpec> measures,
        @Key(
                        value =
                                "updates: a window is written whenever it has changed, at most ten"
                                        + " times a second, and its last record is its result;"
                                        + " final: once, when it is closed.",
                        orElse = "updates")
                WindowEmit emit,
        @Key(
                        "Write a window only when this holds; sees measures, window and key. With"
                                + " updates it is asked after every single event.")
                Optional<CelText> when,
        @Key(
                        "Start the window again when this holds, after it was written: one burst is"
                                + " one alert. Sees what when sees, and needs it.")
                Optional<CelText> reset,
        @Key("The output topic.") String to,
        @Key("Topic for events that came too late, as they were read. Left out: only counted.")
                Optional<String> late) {

    private static final long DAY = Duration.ofDays(1).toMillis();

    /**
     * Whether windows begin at midnight.
     *
     * @return true where they tumble or hop by whole days
     */
    public boolean wholeDays() {
        return Stream.of(tumbling, hopping, every).anyMatch(Optional::isPresent)
                && Stream.of(tumbling, hopping, every)
                        .flatMap(Optional::stream)
                        .allMatch(each -> each.toMillis() > 0 && each.toMillis() % DAY == 0);
    }
}
