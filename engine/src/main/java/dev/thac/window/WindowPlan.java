package dev.thac.window;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.JsonTree;
import dev.thac.event.JsonWriter;
import dev.thac.event.ThacException;
import dev.thac.expression.Condition;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.spec.CelText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A window's compiled declaration. Immutable and thread-safe. */
final class WindowPlan {

    private final String name;
    private final WindowSpec spec;
    private final Frame frame;
    private final ZoneId zone;
    private final List<String> byNames;
    private final List<Formula> by;
    private final List<String> measureNames;
    private final List<Measure> measures;
    private final @Nullable Condition when;
    private final @Nullable Condition reset;

    private WindowPlan(String name, WindowSpec spec) throws ExpressionException {
        this.name = name;
        this.spec = spec;
        this.frame = Frame.of(spec);
        this.zone = ZoneId.of(spec.zone()).normalized();
        this.byNames = GroupNames.of(spec.by());
        this.by = new ArrayList<>();
        for (CelText each : spec.by()) {
            by.add(Expressions.formula(each.text()));
        }
        this.measureNames = List.copyOf(spec.measures().keySet());
        this.measures = new ArrayList<>();
        for (MeasureSpec each : spec.measures().values()) {
            measures.add(Measure.of(each));
        }
        this.when = condition(spec.when());
        this.reset = condition(spec.reset());
    }

    /**
     * Compiles one.
     *
     * @throws ThacException ({@code BAD_SPEC}) when an expression is wrong
     */
    static WindowPlan of(String name, WindowSpec spec) {
        try {
            return new WindowPlan(name, spec);
        } catch (ExpressionException e) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "windows." + name + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Condition condition(Optional<CelText> cel) throws ExpressionException {
        return cel.isPresent() ? Expressions.windowCondition(cel.get().text()) : null;
    }

    String name() {
        return name;
    }

    Frame frame() {
        return frame;
    }

    List<Measure> measures() {
        return measures;
    }

    long grace() {
        return spec.grace().toMillis();
    }

    WindowEmit emit() {
        return spec.emit();
    }

    String to() {
        return spec.to();
    }

    Optional<String> late() {
        return spec.late();
    }

    long idleMillis() {
        return spec.idle().toMillis();
    }

    /** Whether every change is looked at by itself, because a condition may hold for a moment. */
    boolean atOnce() {
        return spec.emit() == WindowEmit.UPDATES && when != null;
    }

    /** The group of an event: the JSON of the list of what it is grouped by. */
    byte[] group(Event event) {
        JsonWriter json = new JsonWriter();
        List<@Nullable Object> values = new ArrayList<>(by.size());
        for (Formula formula : by) {
            values.add(value(formula, event));
        }
        return json.value(values).bytes();
    }

    /** What an event brings to the figures. */
    @Nullable Object[] values(Event event) {
        @Nullable Object[] values = new Object[measures.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = measures.get(i).of(event);
        }
        return values;
    }

    /** What is shown of a window: the value of its output record. */
    Map<String, @Nullable Object> output(byte[] group, long start, long end) {
        Map<String, @Nullable Object> window = new LinkedHashMap<>();
        window.put("start", shown(start));
        window.put("end", shown(end));
        Map<String, @Nullable Object> key = new LinkedHashMap<>();
        if (JsonTree.read(group) instanceof List<?> values) {
            for (int i = 0; i < byNames.size() && i < values.size(); i++) {
                key.put(byNames.get(i), values.get(i));
            }
        }
        Map<String, @Nullable Object> output = new LinkedHashMap<>();
        output.put("window", window);
        output.put("key", key);
        return output;
    }

    /** Days are shown by the clock of their zone. */
    private String shown(long time) {
        Instant instant = Instant.ofEpochMilli(time);
        return zone.equals(ZoneOffset.UTC)
                ? instant.toString()
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone));
    }

    void figures(Map<String, @Nullable Object> output, Figure[] figures) {
        for (int i = 0; i < figures.length; i++) {
            output.put(measureNames.get(i), figures[i].result());
        }
    }

    /** The key of an output record: the one value it is grouped by, or all of them as JSON. */
    byte[] key(byte[] group, Map<String, @Nullable Object> output) {
        if (by.isEmpty()) {
            return name.getBytes(StandardCharsets.UTF_8);
        }
        Map<?, ?> key = (Map<?, ?>) output.get("key");
        if (by.size() == 1 && key != null) {
            Object value = key.values().iterator().next();
            return Measure.text(value == null ? "null" : value).getBytes(StandardCharsets.UTF_8);
        }
        return new JsonWriter().value(key).bytes();
    }

    /** Whether figures are shown. */
    boolean shown(Event window) {
        return when == null || when.test(window);
    }

    /** Whether a window begins again. */
    boolean restarts(Event window) {
        return reset != null && reset.test(window);
    }

    boolean conditional() {
        return when != null || reset != null;
    }

    private static @Nullable Object value(Formula formula, Event event) {
        try {
            return formula.apply(event);
        } catch (EvaluationException _) {
            return null; // events without the field are a group of their own
        }
    }
}
