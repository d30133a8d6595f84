package dev.thac.expression;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** The closures. Where an operand is a constant there is a narrower one. */
final class Nodes {

    private Nodes() {}

    /** A node that always has the same value; the others look for it. */
    private record Constant(@Nullable Object value) implements Node {
        @Override
        public @Nullable Object eval(dev.thac.event.Event event, @Nullable Object[] slots) {
            return value;
        }
    }

    /** A function of one value. */
    interface Unary {
        @Nullable Object apply(@Nullable Object operand);
    }

    /** A function of two values. */
    interface Binary {
        @Nullable Object apply(@Nullable Object left, @Nullable Object right);
    }

    static Node constant(@Nullable Object value) {
        return new Constant(value);
    }

    static Node root(Root root) {
        return root == Root.VALUE
                ? (event, values) -> event.value()
                : (event, values) -> root.of(event);
    }

    static Node field(Node operand, String name, String path) {
        Fault missing = Fault.missing(path);
        return (event, values) -> {
            Object container = operand.eval(event, values);
            if (container instanceof Map<?, ?> map) {
                Object member = map.get(name);
                return member != null || map.containsKey(name) ? member : missing;
            }
            return container instanceof Fault ? container : missing;
        };
    }

    static Node has(Node operand, String name, String path) {
        Fault noObject = new Fault(path + " is no object");
        return (event, values) -> {
            Object container = operand.eval(event, values);
            if (container instanceof Map<?, ?> map) {
                return map.containsKey(name);
            }
            return container instanceof Fault ? container : noObject;
        };
    }

    static Node index(Node operand, Node index, String path) {
        Fault missing = new Fault("an element of " + path + " is missing");
        if (index instanceof Constant(String name)) {
            return field(operand, name.intern(), path + FieldPaths.step(name));
        }
        return binary(
                operand,
                index,
                (container, at) -> {
                    if (container instanceof List<?> list) {
                        int i = position(at);
                        return i >= 0 && i < list.size() ? list.get(i) : missing;
                    }
                    return container instanceof Map<?, ?> map
                                    && at instanceof String
                                    && map.containsKey(at)
                            ? map.get(at)
                            : missing;
                });
    }

    private static int position(@Nullable Object index) {
        return switch (index) {
            case Long number when number >= 0 && number <= Integer.MAX_VALUE -> number.intValue();
            case Double number when number == Math.rint(number) && number <= Integer.MAX_VALUE ->
                    number.intValue();
            case null, default -> -1;
        };
    }

    static Node map(Map<String, Node> members) {
        return (event, values) -> {
            Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(members.size());
            for (Map.Entry<String, Node> member : members.entrySet()) {
                Object value = member.getValue().eval(event, values);
                if (value instanceof Fault) {
                    return value;
                }
                map.put(member.getKey(), value);
            }
            return map;
        };
    }

    static Node unary(Node operand, Unary function) {
        return (event, values) -> {
            Object value = operand.eval(event, values);
            return value instanceof Fault ? value : function.apply(value);
        };
    }

    static Node text(Node operand, String name, UnaryOperator<String> function) {
        Fault noOverload = Fault.noOverload(name);
        return (event, values) -> {
            Object value = operand.eval(event, values);
            if (value instanceof String text) {
                return function.apply(text);
            }
            return value instanceof Fault ? value : noOverload;
        };
    }

    static Node binary(Node left, Node right, Binary function) {
        return (event, values) -> {
            Object a = left.eval(event, values);
            if (a instanceof Fault) {
                return a;
            }
            Object b = right.eval(event, values);
            return b instanceof Fault ? b : function.apply(a, b);
        };
    }

    /** A function of three values. */
    @FunctionalInterface
    interface Ternary {
        @Nullable Object apply(@Nullable Object a, @Nullable Object b, @Nullable Object c);
    }

    static Node ternary(Node[] operands, Ternary function) {
        Node first = operands[0];
        Node second = operands[1];
        Node third = operands[2];
        return (event, values) -> {
            Object a = first.eval(event, values);
            if (a instanceof Fault) {
                return a;
            }
            Object b = second.eval(event, values);
            if (b instanceof Fault) {
                return b;
            }
            Object c = third.eval(event, values);
            return c instanceof Fault ? c : function.apply(a, b, c);
        };
    }

    static Node texts(Node left, Node right, String name, BiPredicate<String, String> function) {
        Fault noOverload = Fault.noOverload(name);
        if (right instanceof Constant(String constant)) {
            return (event, values) -> {
                Object a = left.eval(event, values);
                if (a instanceof String text) {
                    return function.test(text, constant);
                }
                return a instanceof Fault ? a : noOverload;
            };
        }
        return binary(
                left,
                right,
                (a, b) ->
                        a instanceof String text && b instanceof String part
                                ? (Object) function.test(text, part)
                                : noOverload);
    }

    static Node equality(Node left, Node right, boolean wanted) {
        if (right instanceof Constant(Object constant)) {
            return switch (constant) {
                case String text -> unary(left, value -> text.equals(value) == wanted);
                case Long number -> {
                    long same = number;
                    yield unary(
                            left,
                            value ->
                                    (value instanceof Long other
                                                    ? other == same
                                                    : Operators.equal(value, number))
                                            == wanted);
                }
                case Boolean bool -> unary(left, value -> bool.equals(value) == wanted);
                case null, default ->
                        unary(left, value -> Operators.equal(value, constant) == wanted);
            };
        }
        return binary(left, right, (a, b) -> Operators.equal(a, b) == wanted);
    }

    static Node ordering(Node left, Node right, Operators.Ordering ordering) {
        if (right instanceof Constant(Long constant)) {
            long bound = constant;
            return unary(left, value -> ordering.applyLong(value, bound));
        }
        return binary(left, right, ordering::apply);
    }

    static Node in(Node element, Node container) {
        return binary(element, container, Operators::in);
    }

    static Node not(Node operand) {
        Fault noOverload = Fault.noOverload("!");
        return unary(operand, value -> value instanceof Boolean bool ? (Object) !bool : noOverload);
    }

    /** False wins over an error on either side, as in CEL. */
    static Node and(Node left, Node right) {
        Fault noOverload = Fault.noOverload("&&");
        return (event, values) -> {
            Object a = left.eval(event, values);
            if (Boolean.FALSE.equals(a)) {
                return false;
            }
            Object b = right.eval(event, values);
            if (Boolean.FALSE.equals(b)) {
                return false;
            }
            return bothTrue(a, b, noOverload, true);
        };
    }

    /** True wins over an error on either side, as in CEL. */
    static Node or(Node left, Node right) {
        Fault noOverload = Fault.noOverload("||");
        return (event, values) -> {
            Object a = left.eval(event, values);
            if (Boolean.TRUE.equals(a)) {
                return true;
            }
            Object b = right.eval(event, values);
            if (Boolean.TRUE.equals(b)) {
                return true;
            }
            return bothTrue(a, b, noOverload, false);
        };
    }

    private static Object bothTrue(
            @Nullable Object a, @Nullable Object b, Fault noOverload, boolean result) {
        if (a instanceof Fault fault) {
            return fault;
        }
        if (b instanceof Fault fault) {
            return fault;
        }
        return a instanceof Boolean && b instanceof Boolean ? (Object) result : noOverload;
    }

    static Node conditional(Node test, Node yes, Node no) {
        Fault noOverload = Fault.noOverload("?:");
        return (event, values) -> {
            Object decision = test.eval(event, values);
            if (decision instanceof Boolean bool) {
                return bool ? yes.eval(event, values) : no.eval(event, values);
            }
            return decision instanceof Fault ? decision : noOverload;
        };
    }
}
