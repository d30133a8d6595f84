package dev.thac.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compiles what the macros {@code all}, {@code exists}, {@code exists_one}, {@code map} and {@code
 * filter} expand to. Lists are collected in place: appending by copy, as the expansion says, would
 * be quadratic.
 */
final class LoopCompiler {

    private static final Fault NO_RANGE = new Fault("a macro walks lists and objects only");

    private final ExpressionCompiler compiler;

    LoopCompiler(ExpressionCompiler compiler) {
        this.compiler = compiler;
    }

    Node compile(CelComprehension loop) throws NotCovered, ExpressionException {
        if (!loop.iterVar2().isEmpty()) {
            throw new NotCovered("two variables");
        }
        Node range = compiler.compile(loop.iterRange());
        Node init = compiler.compile(loop.accuInit());
        Integer accuBefore = compiler.enter(loop.accuVar());
        Integer iterBefore = compiler.enter(loop.iterVar());
        int accu = compiler.slot(loop.accuVar());
        int iter = compiler.slot(loop.iterVar());
        try {
            if (loop.accuInit().getKind() == Kind.LIST) {
                return collecting(loop, range, iter);
            }
            return new Loop(
                    range,
                    init,
                    compiler.compile(loop.loopCondition()),
                    compiler.compile(loop.loopStep()),
                    compiler.compile(loop.result()),
                    accu,
                    iter);
        } finally {
            compiler.leave(loop.iterVar(), iterBefore);
            compiler.leave(loop.accuVar(), accuBefore);
        }
    }

    /** The expansion is {@code accu + [x]} or {@code test ? accu + [x] : accu}, from []. */
    private Node collecting(CelComprehension loop, Node range, int iter)
            throws NotCovered, ExpressionException {
        CelExpr step = loop.loopStep();
        boolean plain =
                loop.accuInit().list().elements().isEmpty()
                        && isAccu(loop.result(), loop)
                        && loop.loopCondition().getKind() == Kind.CONSTANT
                        && step.getKind() == Kind.CALL;
        if (!plain) {
            throw new NotCovered("list accumulator");
        }
        CelCall call = step.call();
        if (!call.function().equals("_?_:_")) {
            return new Collecting(range, null, compiler.compile(appended(step, loop)), iter);
        }
        if (!isAccu(call.args().get(2), loop)) {
            throw new NotCovered("list accumulator");
        }
        Node test = compiler.compile(call.args().get(0));
        Node element = compiler.compile(appended(call.args().get(1), loop));
        return new Collecting(range, test, element, iter);
    }

    private static CelExpr appended(CelExpr expr, CelComprehension loop) throws NotCovered {
        boolean append =
                expr.getKind() == Kind.CALL
                        && expr.call().function().equals("_+_")
                        && isAccu(expr.call().args().get(0), loop)
                        && expr.call().args().get(1).getKind() == Kind.LIST
                        && expr.call().args().get(1).list().elements().size() == 1;
        if (!append) {
            throw new NotCovered("list accumulator");
        }
        return expr.call().args().get(1).list().elements().get(0);
    }

    private static boolean isAccu(CelExpr expr, CelComprehension loop) {
        return expr.getKind() == Kind.IDENT && expr.ident().name().equals(loop.accuVar());
    }

    private static @Nullable Iterable<?> elements(@Nullable Object range) {
        return switch (range) {
            case List<?> list -> list;
            case Map<?, ?> map -> map.keySet();
            case null, default -> null;
        };
    }

    private record Loop(
            Node range, Node init, Node condition, Node step, Node result, int accu, int iter)
            implements Node {
        @Override
        public @Nullable Object eval(Event event, @Nullable Object[] slots) {
            Object source = range.eval(event, slots);
            Iterable<?> elements = elements(source);
            if (elements == null) {
                return source instanceof Fault ? source : NO_RANGE;
            }
            slots[accu] = init.eval(event, slots);
            for (Object element : elements) {
                slots[iter] = element;
                if (!Boolean.TRUE.equals(condition.eval(event, slots))) {
                    break;
                }
                slots[accu] = step.eval(event, slots);
            }
            return result.eval(event, slots);
        }
    }

    private record Collecting(Node range, @Nullable Node test, Node element, int iter)
            implements Node {
        @Override
        public @Nullable Object eval(Event event, @Nullable Object[] slots) {
            Object source = range.eval(event, slots);
            Iterable<?> elements = elements(source);
            if (elements == null) {
                return source instanceof Fault ? source : NO_RANGE;
            }
            List<@Nullable Object> collected = new ArrayList<>();
            for (Object item : elements) {
                slots[iter] = item;
                Object taken = test == null ? true : test.eval(event, slots);
                if (!(taken instanceof Boolean take)) {
                    return taken instanceof Fault ? taken : Fault.noOverload("?:");
                }
                if (take) {
                    Object value = element.eval(event, slots);
                    if (value instanceof Fault) {
                        return value;
                    }
                    collected.add(value);
                }
            }
            return collected;
        }
    }
}
