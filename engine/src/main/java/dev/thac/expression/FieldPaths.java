package dev.thac.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the event fields that a checked expression reads. */
final class FieldPaths {

    private static final String INDEX = "_[_]";

    private final Set<String> paths = new LinkedHashSet<>();

    private FieldPaths() {}

    static Set<String> of(CelExpr expr) {
        FieldPaths collector = new FieldPaths();
        collector.walk(expr, Set.of());
        return Collections.unmodifiableSet(collector.paths);
    }

    private void walk(CelExpr expr, Set<String> variables) {
        String path = path(expr, variables);
        if (path != null) {
            paths.add(path);
            return;
        }
        switch (expr.getKind()) {
            case SELECT -> walk(expr.select().operand(), variables);
            case CALL -> {
                CelCall call = expr.call();
                if (call.target().isPresent()) {
                    walk(call.target().get(), variables);
                }
                walk(call.args(), variables);
            }
            case LIST -> walk(expr.list().elements(), variables);
            case MAP -> {
                for (CelMap.Entry entry : expr.map().entries()) {
                    walk(entry.key(), variables);
                    walk(entry.value(), variables);
                }
            }
            case COMPREHENSION -> walk(expr.comprehension(), variables);
            default -> {
                // constants and variables read no field
            }
        }
    }

    private void walk(List<CelExpr> all, Set<String> variables) {
        for (CelExpr expr : all) {
            walk(expr, variables);
        }
    }

    private void walk(CelComprehension loop, Set<String> variables) {
        walk(loop.iterRange(), variables);
        walk(loop.accuInit(), variables);
        Set<String> inner = new HashSet<>(variables);
        inner.add(loop.iterVar());
        inner.add(loop.iterVar2());
        inner.add(loop.accuVar());
        walk(loop.loopCondition(), inner);
        walk(loop.loopStep(), inner);
        walk(loop.result(), inner);
    }

    /** The path of a chain of fields and constant indices from a root, or null. */
    static @Nullable String path(CelExpr expr, Set<String> variables) {
        return switch (expr.getKind()) {
            case IDENT ->
                    Root.named(expr.ident().name()).isPresent()
                                    && !variables.contains(expr.ident().name())
                            ? expr.ident().name()
                            : null;
            case SELECT -> {
                String operand = path(expr.select().operand(), variables);
                yield operand == null ? null : operand + step(expr.select().field());
            }
            case CALL -> {
                CelCall call = expr.call();
                String operand =
                        call.function().equals(INDEX) ? path(call.args().get(0), variables) : null;
                String step = operand == null ? null : step(call.args().get(1));
                yield step == null ? null : operand + step;
            }
            default -> null;
        };
    }

    private static @Nullable String step(CelExpr index) {
        if (index.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return null;
        }
        CelConstant constant = index.constant();
        return switch (constant.getKind()) {
            case STRING_VALUE -> step(constant.stringValue());
            case INT64_VALUE -> "[" + constant.int64Value() + "]";
            default -> null;
        };
    }

    /** One step as text: {@code .name}, or {@code ["odd name"]}. */
    static String step(String name) {
        boolean plain = !name.isEmpty() && Character.isJavaIdentifierStart(name.charAt(0));
        for (int i = 0; plain && i < name.length(); i++) {
            plain = Character.isJavaIdentifierPart(name.charAt(i));
        }
        return plain ? "." + name : "[\"" + name + "\"]";
    }
}
