package dev.thac.window;

import dev.thac.decode.Format;
import dev.thac.event.JsonTree;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.FailuresSpec;
import dev.thac.recover.RetrySpec;
import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Declarations of windows over {@link Clicks}, and what their outputs come to. */
final class WindowSpecs {

    static final String OUT = "out";
    static final String LATE = "late";

    private static final Optional<Duration> NO = Optional.empty();

    private WindowSpecs() {}

    static WindowSpec tumbling(Duration size, Duration grace, WindowEmit emit) {
        return spec(new Sizes(Optional.of(size), NO, NO, NO, NO), grace, emit);
    }

    static WindowSpec hopping(Duration size, Duration every, Duration grace, WindowEmit emit) {
        return spec(new Sizes(NO, Optional.of(size), Optional.of(every), NO, NO), grace, emit);
    }

    static WindowSpec session(Duration gap, Duration grace, WindowEmit emit) {
        return spec(new Sizes(NO, NO, NO, Optional.of(gap), NO), grace, emit);
    }

    static WindowSpec sliding(Duration size, Duration grace, WindowEmit emit) {
        return spec(new Sizes(NO, NO, NO, NO, Optional.of(size)), grace, emit);
    }

    /** One of each kind. */
    static Map<String, WindowSpec> all(Duration grace, WindowEmit emit) {
        Map<String, WindowSpec> all = new LinkedHashMap<>();
        all.put("tumbling", tumbling(Duration.ofSeconds(60), grace, emit));
        all.put("hopping", hopping(Duration.ofSeconds(60), Duration.ofSeconds(25), grace, emit));
        all.put("session", session(Duration.ofSeconds(20), grace, emit));
        all.put("sliding", sliding(Duration.ofSeconds(45), grace, emit));
        return all;
    }

    /** How windows lie; one of them is given. */
    private record Sizes(
            Optional<Duration> tumbling,
            Optional<Duration> hopping,
            Optional<Duration> every,
            Optional<Duration> session,
            Optional<Duration> sliding) {}

    private static WindowSpec spec(Sizes sizes, Duration grace, WindowEmit emit) {
        Map<String, MeasureSpec> measures = new LinkedHashMap<>();
        measures.put(
                "clicks", new MeasureSpec(MeasureKind.COUNT, Optional.empty(), Optional.empty()));
        measures.put("sum", measure(MeasureKind.SUM, "value.amount"));
        measures.put("avg", measure(MeasureKind.AVG, "value.amount"));
        measures.put("min", measure(MeasureKind.MIN, "value.amount"));
        measures.put("max", measure(MeasureKind.MAX, "value.amount"));
        measures.put("pages", measure(MeasureKind.DISTINCT, "value.page"));
        measures.put("last", measure(MeasureKind.LAST, "value.page"));
        measures.put(
                "top",
                new MeasureSpec(
                        MeasureKind.TOPK, Optional.of(new CelText("value.page")), Optional.of(2)));
        return new WindowSpec(
                WindowSource.EVENTS,
                List.of(new CelText("value.user")),
                sizes.tumbling(),
                sizes.hopping(),
                sizes.every(),
                sizes.session(),
                sizes.sliding(),
                "UTC",
                grace,
                Duration.ofHours(1),
                measures,
                emit,
                Optional.empty(),
                Optional.empty(),
                OUT,
                Optional.of(LATE));
    }

    /** The same by the midnight of a zone. */
    static WindowSpec zoned(WindowSpec spec, String zone) {
        return new WindowSpec(
                spec.of(),
                spec.by(),
                spec.tumbling(),
                spec.hopping(),
                spec.every(),
                spec.session(),
                spec.sliding(),
                zone,
                spec.grace(),
                spec.idle(),
                spec.measures(),
                spec.emit(),
                spec.when(),
                spec.reset(),
                spec.to(),
                spec.late());
    }

    /** The same with conditions. */
    static WindowSpec alerting(WindowSpec spec, String when, String reset) {
        return new WindowSpec(
                spec.of(),
                spec.by(),
                spec.tumbling(),
                spec.hopping(),
                spec.every(),
                spec.session(),
                spec.sliding(),
                spec.zone(),
                spec.grace(),
                spec.idle(),
                spec.measures(),
                spec.emit(),
                Optional.of(new CelText(when)),
                Optional.of(new CelText(reset)),
                spec.to(),
                spec.late());
    }

    private static MeasureSpec measure(MeasureKind kind, String of) {
        return new MeasureSpec(kind, Optional.of(new CelText(of)), Optional.empty());
    }

    /** The same to other topics. */
    static WindowSpec to(WindowSpec spec, String to, String late) {
        return new WindowSpec(
                spec.of(),
                spec.by(),
                spec.tumbling(),
                spec.hopping(),
                spec.every(),
                spec.session(),
                spec.sliding(),
                spec.zone(),
                spec.grace(),
                spec.idle(),
                spec.measures(),
                spec.emit(),
                spec.when(),
                spec.reset(),
                to,
                Optional.of(late));
    }

    static FlowSpec flow() {
        return flow("p");
    }

    static FlowSpec flow(String pipeline) {
        return new FlowSpec(
                pipeline,
                Format.JSON,
                Optional.empty(),
                new DataSize(1 << 20),
                List.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                new FailuresSpec(
                        new RetrySpec(1, Duration.ZERO, Duration.ZERO, List.of()),
                        Optional.empty()),
                Map.of());
    }

    /** Puts an output record into the table that its readers have: the last of a window stands. */
    static void apply(Map<String, Map<String, Object>> table, byte[] value) {
        Map<?, ?> output = (Map<?, ?>) Objects.requireNonNull(JsonTree.read(value));
        Map<?, ?> window = (Map<?, ?>) Objects.requireNonNull(output.get("window"));
        Map<?, ?> key = (Map<?, ?>) Objects.requireNonNull(output.get("key"));
        String name = key.get("user") + "@" + instant(window.get("start"));
        if (name.startsWith("nobody")) {
            return;
        }
        if (Boolean.TRUE.equals(output.get("retracted"))) {
            table.remove(name);
            return;
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("end", instant(window.get("end")));
        for (String figure :
                List.of("clicks", "sum", "avg", "min", "max", "pages", "last", "top")) {
            Object number = Objects.requireNonNull(output.get(figure));
            figures.put(
                    figure,
                    switch (figure) {
                        case "sum", "avg", "min", "max" -> PlainModel.decimal(number);
                        case "top" ->
                                ((List<?>) number)
                                        .stream()
                                                .map(each -> (Map<?, ?>) each)
                                                .map(
                                                        each ->
                                                                each.get("value")
                                                                        + "="
                                                                        + each.get("count"))
                                                .toList()
                                                .toString();
                        default -> number;
                    });
        }
        table.put(name, figures);
    }

    private static String instant(Object time) {
        return OffsetDateTime.parse(String.valueOf(time)).toInstant().toString();
    }

    static Map<String, Map<String, Object>> table() {
        return new TreeMap<>();
    }

    /** How a table differs from the one that is wanted, window by window. */
    static List<String> differences(
            Map<String, Map<String, Object>> table, Map<String, Map<String, Object>> wanted) {
        Set<String> all = new TreeSet<>(table.keySet());
        all.addAll(wanted.keySet());
        List<String> differences = new ArrayList<>();
        for (String window : all) {
            if (!Objects.equals(table.get(window), wanted.get(window))) {
                differences.add(
                        window + ": " + table.get(window) + " in place of " + wanted.get(window));
            }
        }
        return differences;
    }
}
