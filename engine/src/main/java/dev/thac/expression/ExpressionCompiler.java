package dev.thac.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.CelSelect;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns one checked expression into closures. Used once, by one thread. */
final class ExpressionCompiler {

    private final Map<Long, Integer> positions;
    private final Map<String, Integer> variables = new HashMap<>();
    private int slots;

    /**
     * A compiler for one expression.
     *
     * @param positions expression id to place in the source, in code points
     */
    ExpressionCompiler(Map<Long, Integer> positions) {
        this.positions = positions;
    }

    /** How many slots an evaluation needs. */
    int slots() {
        return slots;
    }

    /**
     * Compiles.
     *
     * @param expr an expression or a part of it
     * @return its closure
     * @throws NotCovered when it uses something only dev.cel has
     * @throws ExpressionException when a regular expression in it is wrong
     */
    Node compile(CelExpr expr) throws NotCovered, ExpressionException {
        return switch (expr.getKind()) {
            case CONSTANT -> Nodes.constant(constant(expr.constant()));
            case IDENT -> ident(expr.ident().name());
            case SELECT -> select(expr);
            case CALL -> call(expr);
            case LIST -> list(expr.list().elements());
            case MAP -> map(expr.map());
            case COMPREHENSION -> new LoopCompiler(this).compile(expr.comprehension());
            case STRUCT, NOT_SET -> throw new NotCovered("struct");
        };
    }

    private static @Nullable Object constant(CelConstant constant) throws NotCovered {
        return switch (constant.getKind()) {
            case NULL_VALUE -> null;
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue().intern();
            default -> throw new NotCovered("constant");
        };
    }

    private Node ident(String name) throws NotCovered {
        Integer slot = variables.get(name);
        if (slot != null) {
            int index = slot;
            return (event, values) -> values[index];
        }
        Root root = Root.named(name).orElseThrow(() -> new NotCovered("name " + name));
        return Nodes.root(root);
    }

    /** Gives a variable a slot; returns what the name meant before, for {@link #leave}. */
    @Nullable Integer enter(String variable) {
        return variables.put(variable, slots++);
    }

    /** The slot of a variable in scope. */
    int slot(String variable) {
        return variables.getOrDefault(variable, -1);
    }

    /** Ends a variable's scope. */
    void leave(String variable, @Nullable Integer before) {
        if (before == null) {
            variables.remove(variable);
        } else {
            variables.put(variable, before);
        }
    }

    private String describe(CelExpr expr) {
        String path = FieldPaths.path(expr, variables.keySet());
        return path == null ? "a field" : path;
    }

    private Node select(CelExpr expr) throws NotCovered, ExpressionException {
        CelSelect select = expr.select();
        Node operand = compile(select.operand());
        String name = select.field().intern();
        String path = describe(expr);
        if (path.equals("a field")) {
            path = name;
        }
        return select.testOnly()
                ? Nodes.has(operand, name, describe(select.operand()))
                : Nodes.field(operand, name, path);
    }

    private Node list(List<CelExpr> elements) throws NotCovered, ExpressionException {
        Node[] nodes = compileAll(elements);
        return (event, values) -> {
            List<@Nullable Object> list = new ArrayList<>(nodes.length);
            for (Node node : nodes) {
                Object element = node.eval(event, values);
                if (element instanceof Fault) {
                    return element;
                }
                list.add(element);
            }
            return list;
        };
    }

    private Node map(CelMap map) throws NotCovered, ExpressionException {
        Map<String, Node> members = new LinkedHashMap<>();
        for (CelMap.Entry entry : map.entries()) {
            boolean named =
                    entry.key().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                            && entry.key().constant().getKind() == CelConstant.Kind.STRING_VALUE;
            if (!named || entry.optionalEntry()) {
                throw new NotCovered("map key");
            }
            if (members.put(entry.key().constant().stringValue(), compile(entry.value())) != null) {
                throw new NotCovered("repeated map key");
            }
        }
        return Nodes.map(members);
    }

    private Node[] compileAll(List<CelExpr> all) throws NotCovered, ExpressionException {
        Node[] nodes = new Node[all.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = compile(all.get(i));
        }
        return nodes;
    }

    private Node call(CelExpr expr) throws NotCovered, ExpressionException {
        CelCall call = expr.call();
        List<CelExpr> operands = new ArrayList<>();
        if (call.target().isPresent()) {
            operands.add(call.target().get());
        }
        operands.addAll(call.args());
        String function = call.function();
        if (function.equals("_?_:_")) {
            return Nodes.conditional(
                    compile(operands.get(0)), compile(operands.get(1)), compile(operands.get(2)));
        }
        return switch (operands.size()) {
            case 1 -> unary(function, compile(operands.get(0)));
            case 2 -> binary(function, operands.get(0), operands.get(1));
            case 3 -> ternary(function, operands);
            default -> throw new NotCovered(function);
        };
    }

    private Node ternary(String function, List<CelExpr> operands)
            throws NotCovered, ExpressionException {
        return switch (function) {
            case "substring" -> Nodes.ternary(compileAll(operands), Texts::substring);
            case "replace" -> Nodes.ternary(compileAll(operands), Texts::replace);
            default -> throw new NotCovered(function);
        };
    }

    private static Node unary(String function, Node operand) throws NotCovered {
        return switch (function) {
            case "!_" -> Nodes.not(operand);
            case "@not_strictly_false" ->
                    (event, values) -> !Boolean.FALSE.equals(operand.eval(event, values));
            case "-_" -> Nodes.unary(operand, Operators::negate);
            case "size" -> Nodes.unary(operand, Operators::size);
            case "int" -> Nodes.unary(operand, Operators::toInt);
            case "double" -> Nodes.unary(operand, Operators::toDouble);
            case "string" -> Nodes.unary(operand, Operators::toText);
            case "dyn" -> operand;
            case "fold" -> Nodes.text(operand, "fold", Fold::fold);
            case "trim" -> Nodes.text(operand, "trim", Texts::trim);
            case "lowerAscii" -> Nodes.text(operand, "lowerAscii", AsciiCase::lower);
            case "upperAscii" -> Nodes.text(operand, "upperAscii", AsciiCase::upper);
            default -> throw new NotCovered(function);
        };
    }

    private Node binary(String function, CelExpr left, CelExpr right)
            throws NotCovered, ExpressionException {
        Node a = compile(left);
        if (function.equals("matches")) {
            return matches(a, right);
        }
        Node b = compile(right);
        return switch (function) {
            case "_&&_" -> Nodes.and(a, b);
            case "_||_" -> Nodes.or(a, b);
            case "_==_" -> Nodes.equality(a, b, true);
            case "_!=_" -> Nodes.equality(a, b, false);
            case "_<_" -> Nodes.ordering(a, b, Operators.Ordering.LESS);
            case "_<=_" -> Nodes.ordering(a, b, Operators.Ordering.LESS_EQUALS);
            case "_>_" -> Nodes.ordering(a, b, Operators.Ordering.GREATER);
            case "_>=_" -> Nodes.ordering(a, b, Operators.Ordering.GREATER_EQUALS);
            case "_+_" -> Nodes.binary(a, b, Operators.Arithmetic.ADD::apply);
            case "_-_" -> Nodes.binary(a, b, Operators.Arithmetic.SUBTRACT::apply);
            case "_*_" -> Nodes.binary(a, b, Operators.Arithmetic.MULTIPLY::apply);
            case "_/_" -> Nodes.binary(a, b, Operators.Arithmetic.DIVIDE::apply);
            case "_%_" -> Nodes.binary(a, b, Operators.Arithmetic.MODULO::apply);
            case "@in" -> Nodes.in(a, b);
            case "_[_]" -> Nodes.index(a, b, describe(left));
            case "substring" -> Nodes.binary(a, b, Texts::substring);
            case "contains" -> Nodes.texts(a, b, function, String::contains);
            case "startsWith" -> Nodes.texts(a, b, function, String::startsWith);
            case "endsWith" -> Nodes.texts(a, b, function, String::endsWith);
            default -> throw new NotCovered(function);
        };
    }

    private Node matches(Node text, CelExpr regex) throws NotCovered, ExpressionException {
        boolean constant =
                regex.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && regex.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        if (!constant) {
            throw new NotCovered("computed regular expression");
        }
        try {
            Pattern pattern = Pattern.compile(regex.constant().stringValue());
            return Nodes.unary(
                    text,
                    value ->
                            value instanceof String subject
                                    ? (Object) pattern.matcher(subject).find()
                                    : Fault.noOverload("matches"));
        } catch (PatternSyntaxException wrong) {
            throw new ExpressionException(
                    "not a regular expression (RE2): " + wrong.getMessage(),
                    positions.getOrDefault(regex.id(), -1));
        }
    }
}
