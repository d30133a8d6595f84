package dev.thac.expression;

import dev.thac.event.Numbers;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * CEL's operators over trees. Numbers compare by value whatever their type; arithmetic wants both
 * sides of one type, as CEL does ({@code int + double} is an error). {@code BigInteger} and {@code
 * BigDecimal} compare exactly and compute as doubles. Every method returns a value or a {@link
 * Fault}, and takes values only.
 */
final class Operators {

    private static final Fault OVERFLOW = new Fault("the result does not fit into 64 bits");
    private static final Fault DIVIDE_BY_ZERO = new Fault("division by zero");

    private Operators() {}

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        if (left instanceof Number a) {
            return right instanceof Number b && Numbers.equal(a, b);
        }
        if (left instanceof List<?> a) {
            return right instanceof List<?> b && equalLists(a, b);
        }
        if (left instanceof Map<?, ?> a) {
            return right instanceof Map<?, ?> b && equalMaps(a, b);
        }
        return left.equals(right);
    }

    private static boolean equalLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if ((other == null && !b.containsKey(entry.getKey()))
                    || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** One of the four orderings. */
    enum Ordering {
        LESS("<"),
        LESS_EQUALS("<="),
        GREATER(">"),
        GREATER_EQUALS(">=");

        @SuppressWarnings("ImmutableEnumChecker") // a record of one String
        private final Fault noOverload;

        Ordering(String text) {
            this.noOverload = Fault.noOverload(text);
        }

        boolean holds(int comparison) {
            return switch (this) {
                case LESS -> comparison < 0;
                case LESS_EQUALS -> comparison <= 0;
                case GREATER -> comparison > 0;
                case GREATER_EQUALS -> comparison >= 0;
            };
        }

        Object apply(@Nullable Object left, @Nullable Object right) {
            if (left instanceof Number a && right instanceof Number b) {
                return !Numbers.isNaN(a) && !Numbers.isNaN(b) && holds(Numbers.compare(a, b));
            }
            if (left instanceof String a && right instanceof String b) {
                return holds(a.compareTo(b));
            }
            if (left instanceof Boolean a && right instanceof Boolean b) {
                return holds(Boolean.compare(a, b));
            }
            return noOverload;
        }

        Object applyLong(@Nullable Object left, long right) {
            if (left instanceof Long a) {
                return holds(Long.compare(a, right));
            }
            return apply(left, right);
        }
    }

    /** An arithmetic operator. */
    enum Arithmetic {
        ADD("+") {
            @Override
            Object longs(long a, long b) {
                long sum = a + b;
                return ((a ^ sum) & (b ^ sum)) < 0 ? OVERFLOW : (Object) sum;
            }

            @Override
            double doubles(double a, double b) {
                return a + b;
            }

            @Override
            Object others(@Nullable Object left, @Nullable Object right) {
                if (left instanceof String a && right instanceof String b) {
                    return a + b;
                }
                if (left instanceof List<?> a && right instanceof List<?> b) {
                    List<@Nullable Object> both = new ArrayList<>(a.size() + b.size());
                    both.addAll(a);
                    both.addAll(b);
                    return both;
                }
                return super.others(left, right);
            }
        },
        SUBTRACT("-") {
            @Override
            Object longs(long a, long b) {
                long difference = a - b;
                return ((a ^ b) & (a ^ difference)) < 0 ? OVERFLOW : (Object) difference;
            }

            @Override
            double doubles(double a, double b) {
                return a - b;
            }
        },
        MULTIPLY("*") {
            @Override
            Object longs(long a, long b) {
                long low = a * b;
                return Math.multiplyHigh(a, b) == low >> 63 ? (Object) low : OVERFLOW;
            }

            @Override
            double doubles(double a, double b) {
                return a * b;
            }
        },
        DIVIDE("/") {
            @Override
            Object longs(long a, long b) {
                if (b == 0) {
                    return DIVIDE_BY_ZERO;
                }
                return a == Long.MIN_VALUE && b == -1 ? OVERFLOW : (Object) (a / b);
            }

            @Override
            double doubles(double a, double b) {
                return a / b;
            }
        },
        MODULO("%") {
            @Override
            Object longs(long a, long b) {
                if (b == 0) {
                    return DIVIDE_BY_ZERO;
                }
                return a == Long.MIN_VALUE && b == -1 ? OVERFLOW : (Object) (a % b);
            }

            @Override
            double doubles(double a, double b) {
                throw new IllegalStateException("% has no doubles");
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // a record of one String
        private final Fault noOverload;

        Arithmetic(String text) {
            this.noOverload = Fault.noOverload(text);
        }

        abstract Object longs(long a, long b);

        abstract double doubles(double a, double b);

        Object others(@Nullable Object left, @Nullable Object right) {
            return noOverload;
        }

        Object apply(@Nullable Object left, @Nullable Object right) {
            if (left instanceof Long a && right instanceof Long b) {
                return longs(a, b);
            }
            if (left instanceof Number a
                    && right instanceof Number b
                    && !(a instanceof Long)
                    && !(b instanceof Long)
                    && this != MODULO) {
                return doubles(a.doubleValue(), b.doubleValue());
            }
            return others(left, right);
        }
    }

    static Object negate(@Nullable Object operand) {
        if (operand instanceof Long number) {
            return number == Long.MIN_VALUE ? OVERFLOW : (Object) (-number);
        }
        return operand instanceof Number number
                ? (Object) (-number.doubleValue())
                : Fault.noOverload("-");
    }

    static Object in(@Nullable Object element, @Nullable Object container) {
        if (container instanceof List<?> list) {
            for (Object candidate : list) {
                if (equal(element, candidate)) {
                    return true;
                }
            }
            return false;
        }
        return container instanceof Map<?, ?> map
                ? (Object) (element instanceof String && map.containsKey(element))
                : Fault.noOverload("in");
    }

    static Object size(@Nullable Object operand) {
        return switch (operand) {
            case String text -> (long) text.codePointCount(0, text.length());
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case null, default -> Fault.noOverload("size");
        };
    }

    static Object toInt(@Nullable Object operand) {
        return switch (operand) {
            case Long number -> number;
            case Number number -> truncated(number.doubleValue());
            case String text -> parsed(text);
            case null, default -> Fault.noOverload("int");
        };
    }

    private static Object truncated(double number) {
        // -2^63 itself is refused too, as the CEL runtime does
        return number > -0x1p63 && number < 0x1p63 ? (Object) (long) number : OVERFLOW;
    }

    private static Object parsed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return new Fault("int() of a text that is no whole number");
        }
    }

    static Object toDouble(@Nullable Object operand) {
        return switch (operand) {
            case Number number -> number.doubleValue();
            case String text -> parsedDouble(text);
            case null, default -> Fault.noOverload("double");
        };
    }

    private static Object parsedDouble(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return new Fault("double() of a text that is no number");
        }
    }

    static Object toText(@Nullable Object operand) {
        return switch (operand) {
            case String text -> text;
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            case BigDecimal number -> number.toString();
            case Boolean bool -> bool.toString();
            case Number number -> Double.toString(number.doubleValue());
            case null, default -> Fault.noOverload("string");
        };
    }
}
