package dev.thac.window;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.JsonText;
import dev.thac.event.ThacException;
import dev.thac.expression.Condition;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.pipeline.ContextMeasureSpec;
import dev.thac.pipeline.ContextSpec;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code context} of a pipeline file says, compiled: pure functions. Thread-safe. */
final class Histories {

    /** Numbers beyond are no amounts; their sums would take any room. */
    private static final int MOST_BITS = 1024;

    private static final int MOST_SCALE = 350;

    private final Formula key;
    private final int last;
    private final long keep;
    private final List<Measure> measures;
    private final List<Long> overs;

    /** One figure: either counts or sums. */
    private record Measure(
            String name, @Nullable Condition count, @Nullable Formula sum, long over) {
        @Nullable BigDecimal of(Event event) {
            if (count != null) {
                return count.test(event) ? BigDecimal.ONE : null;
            }
            try {
                return sum == null ? null : number(sum.apply(event));
            } catch (EvaluationException _) {
                // an event without the number adds nothing
                return null;
            }
        }

        private static @Nullable BigDecimal number(@Nullable Object value) {
            return switch (value) {
                case Long whole -> BigDecimal.valueOf(whole);
                case Double number when Double.isFinite(number) -> BigDecimal.valueOf(number);
                case BigInteger whole when whole.bitLength() < MOST_BITS -> new BigDecimal(whole);
                case BigDecimal number
                        when number.unscaledValue().bitLength() < MOST_BITS
                                && Math.abs((long) number.scale()) < MOST_SCALE ->
                        number;
                case null, default -> null;
            };
        }
    }

    /**
     * What an event met, and what is known after it.
     *
     * @param context the JSON to be placed beside it
     * @param history the state after it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Met(byte[] context, byte[] history) {}

    private Histories(ContextSpec spec) throws ExpressionException {
        this.key = Expressions.formula(spec.key().text());
        this.last = spec.last();
        this.measures = new ArrayList<>();
        long longest = 0;
        for (Map.Entry<String, ContextMeasureSpec> each : spec.measures().entrySet()) {
            ContextMeasureSpec measure = each.getValue();
            measures.add(
                    new Measure(
                            each.getKey(),
                            measure.count().isPresent()
                                    ? Expressions.condition(measure.count().get().text())
                                    : null,
                            measure.sum().isPresent()
                                    ? Expressions.formula(measure.sum().get().text())
                                    : null,
                            measure.over().toMillis()));
            longest = Math.max(longest, measure.over().toMillis());
        }
        this.overs = measures.stream().map(Measure::over).toList();
        this.keep = Math.max(longest, spec.keep().toMillis());
    }

    /**
     * Compiles.
     *
     * @throws ThacException ({@code BAD_SPEC}) when an expression is wrong
     */
    static Histories of(ContextSpec spec) {
        try {
            return new Histories(spec);
        } catch (ExpressionException e) {
            throw new ThacException(ErrorCode.BAD_SPEC, "context: " + e.getMessage(), e);
        }
    }

    /** The key an event's history is kept under; empty where it has none. */
    Optional<byte[]> key(Event event) {
        if (!(event.value() instanceof Map<?, ?>)) {
            return Optional.empty();
        }
        try {
            return switch (key.apply(event)) {
                case null -> Optional.empty();
                case String text -> Optional.of(text.getBytes(StandardCharsets.UTF_8));
                case Map<?, ?> map -> Optional.of(JsonText.bytes(map));
                case List<?> list -> Optional.of(JsonText.bytes(list));
                case Object other -> Optional.of(other.toString().getBytes(StandardCharsets.UTF_8));
            };
        } catch (EvaluationException _) {
            // as documented: an event without a key has no history
            return Optional.empty();
        }
    }

    /** An event meets the history of its key, and becomes part of it. */
    Met meet(byte @Nullable [] stored, Event event, long time) {
        History history =
                stored == null
                        ? History.empty(measures.size())
                        : History.of(stored, measures.size());
        if (forgotten(history, time)) {
            history = History.empty(measures.size());
        }
        byte[] context = context(history, time);
        List<@Nullable BigDecimal> amounts = new ArrayList<>(measures.size());
        for (Measure measure : measures) {
            amounts.add(measure.of(event));
        }
        history.add(time, json(event), last, amounts, overs);
        return new Met(context, history.bytes());
    }

    /** Whether a key was silent for so long that an event at this time finds nothing of it. */
    boolean forgotten(byte[] stored, long time) {
        return forgotten(History.of(stored, measures.size()), time);
    }

    private boolean forgotten(History history, long time) {
        return history.newest() != Long.MIN_VALUE && time - history.newest() > keep;
    }

    private byte[] context(History history, long time) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(256);
        json.write('{');
        if (last > 0) {
            write(json, "\"" + ContextSpec.LAST + "\":[");
            boolean first = true;
            for (byte[] event : history.upTo(time)) {
                if (!first) {
                    json.write(',');
                }
                first = false;
                json.writeBytes(event);
            }
            json.write(']');
        }
        for (int i = 0; i < measures.size(); i++) {
            Measure measure = measures.get(i);
            String sum = history.sum(i, time, measure.over()).toPlainString();
            write(json, (i > 0 || last > 0 ? "," : "") + JsonText.text(measure.name()) + ":" + sum);
        }
        json.write('}');
        return json.toByteArray();
    }

    private static void write(ByteArrayOutputStream json, String text) {
        json.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The value after derive; a member named context would nest history in history. */
    private static byte[] json(Event event) {
        if (event.value() instanceof Map<?, ?> value && value.containsKey(ContextSpec.MEMBER)) {
            Map<Object, @Nullable Object> without = new LinkedHashMap<>(value);
            without.remove(ContextSpec.MEMBER);
            return JsonText.bytes(without);
        }
        return JsonText.bytes(event.value());
    }
}
