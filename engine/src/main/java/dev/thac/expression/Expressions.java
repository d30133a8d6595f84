package dev.thac.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Compiles CEL. dev.cel parses and checks; the checked tree becomes closures over {@link Event}
 * trees, an order of magnitude quicker than dev.cel's interpreter, which still runs the few
 * expressions that use what the closures do not cover (timestamps, durations, bytes, {@code uint},
 * types, part of the strings extension).
 *
 * <p>An expression sees {@code value}, {@code key}, {@code headers}, {@code topic}, {@code
 * partition}, {@code offset}, {@code timestamp} (milliseconds) and {@code analysis}, and has {@code
 * fold(text)}: lower case without diacritics. Whole numbers beyond 64 bits and decimals beyond a
 * double compare exactly and compute as doubles. Order of text is by UTF-16 unit.
 */
public final class Expressions {

    private static final @Nullable Object[] NO_SLOTS = new Object[0];

    private Expressions() {}

    /**
     * Compiles a condition.
     *
     * @param cel the source
     * @return the condition
     * @throws ExpressionException when the source is wrong, or can never be true or false
     */
    public static Condition condition(String cel) throws ExpressionException {
        return condition(CelLanguage.check(cel));
    }

    /**
     * Compiles a condition about a window. It sees {@code measures}, {@code window} and {@code key}
     * of an event that is the window's output record.
     *
     * @param cel the source
     * @return the condition
     * @throws ExpressionException when the source is wrong, or can never be true or false
     */
    public static Condition windowCondition(String cel) throws ExpressionException {
        return condition(CelLanguage.checkWindow(cel));
    }

    private static Condition condition(CelAbstractSyntaxTree ast) throws ExpressionException {
        CelType type = ast.getResultType();
        if (type.kind() != CelKind.BOOL && type.kind() != CelKind.DYN) {
            throw new ExpressionException(
                    "a condition is true or false, and this is a " + type.name(), 0);
        }
        Compiled compiled = compile(ast);
        return new Condition() {
            @Override
            public boolean test(Event event) {
                return Boolean.TRUE.equals(compiled.eval(event));
            }

            @Override
            public Set<String> paths() {
                return compiled.paths();
            }
        };
    }

    /**
     * Compiles an expression whose value is used.
     *
     * @param cel the source
     * @return the formula
     * @throws ExpressionException when the source is wrong
     */
    public static Formula formula(String cel) throws ExpressionException {
        Compiled compiled = compile(CelLanguage.check(cel));
        return new Formula() {
            @Override
            public @Nullable Object apply(Event event) throws EvaluationException {
                Object result = compiled.eval(event);
                if (result instanceof Fault fault) {
                    throw new EvaluationException(fault.message());
                }
                return result;
            }

            @Override
            public Set<String> paths() {
                return compiled.paths();
            }
        };
    }

    /** Compiles for dev.cel's interpreter only; what the closures are tested against. */
    static Node interpreted(String cel) throws ExpressionException {
        return new InterpretedNode(CelLanguage.program(CelLanguage.check(cel)));
    }

    /** Whether the closures cover an expression. */
    static boolean covered(String cel) throws ExpressionException {
        return !(compile(CelLanguage.check(cel)).node() instanceof InterpretedNode);
    }

    private static Compiled compile(CelAbstractSyntaxTree ast) throws ExpressionException {
        Set<String> paths = FieldPaths.of(ast.getExpr());
        ExpressionCompiler compiler = new ExpressionCompiler(ast.getSource().getPositionsMap());
        try {
            Node node = compiler.compile(ast.getExpr());
            return new Compiled(node, compiler.slots(), paths);
        } catch (NotCovered _) {
            return new Compiled(new InterpretedNode(CelLanguage.program(ast)), 0, paths);
        }
    }

    private record Compiled(Node node, int slots, Set<String> paths) {
        @Nullable Object eval(Event event) {
            return node.eval(event, slots == 0 ? NO_SLOTS : new Object[slots]);
        }
    }
}
