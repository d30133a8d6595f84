package dev.thac.window;

import dev.thac.event.Event;
import dev.thac.event.JsonWriter;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A figure's compiled declaration: takes out of an event what the figure needs of it. A value that
 * is missing, null or of another type than the figure needs is none, as in SQL. Immutable.
 */
final class Measure {

    private static final int DEFAULT_K = 10;

    /** Numbers that are longer than this when written out are none: they would not stay small. */
    private static final int MAX_DIGITS = 700;

    private static final int MAX_TEXT = 1024;

    private final MeasureKind kind;
    private final @Nullable Formula of;
    private final int k;

    private Measure(MeasureKind kind, @Nullable Formula of, int k) {
        this.kind = kind;
        this.of = of;
        this.k = k;
    }

    static Measure of(MeasureSpec spec) throws ExpressionException {
        return new Measure(
                spec.kind(),
                spec.of().isPresent() ? Expressions.formula(spec.of().get().text()) : null,
                spec.k().orElse(DEFAULT_K));
    }

    MeasureKind kind() {
        return kind;
    }

    int k() {
        return k;
    }

    /** What an event brings: a scalar or null. */
    @Nullable Object of(Event event) {
        Formula formula = of;
        if (formula == null) {
            return true; // a count of events
        }
        try {
            Object value = formula.apply(event);
            return switch (kind) {
                case COUNT -> (value == null || Boolean.FALSE.equals(value)) ? null : true;
                case SUM, AVG, MIN, MAX -> number(value);
                case DISTINCT -> value == null ? null : hash(json(value));
                case LAST -> value;
                case TOPK -> value == null ? null : shortened(text(value));
            };
        } catch (EvaluationException _) {
            return null; // as the class comment says
        }
    }

    /** A number that can be added up; null where it is none. */
    static @Nullable Number number(@Nullable Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number when Double.isFinite(number) -> number;
            case BigInteger number when number.bitLength() < MAX_DIGITS * 3 ->
                    new BigDecimal(number);
            case BigDecimal number
                    when number.precision() < MAX_DIGITS && Math.abs(number.scale()) < MAX_DIGITS ->
                    number;
            case null, default -> null;
        };
    }

    static BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal exact -> exact;
            case Double shortest -> BigDecimal.valueOf(shortest);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** Texts as they are, the rest as JSON. */
    static String text(Object value) {
        return value instanceof String text
                ? text
                : new String(json(value), StandardCharsets.UTF_8);
    }

    static byte[] json(Object value) {
        return new JsonWriter().value(value).bytes();
    }

    /** FNV-1a, then MurmurHash3's last step, so that all bits depend on all. */
    static long hash(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte next : bytes) {
            hash = (hash ^ (next & 0xFF)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
