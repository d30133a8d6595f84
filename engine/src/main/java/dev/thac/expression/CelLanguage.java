package dev.thac.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

import java.util.Set;

/**
 * CEL as Thác speaks it: the roots of {@link Root}, all of dynamic type; the standard macros and
 * functions, the strings extension, and {@code fold}. Parsing and checking is dev.cel's.
 */
final class CelLanguage {

    private static final String FOLD_OVERLOAD = "fold_string";
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final CelCompiler COMPILER = compiler(Root.ofEvents());

    private CelLanguage() {}

    /** Loaded only when an expression needs it: it costs a quarter of a second to start. */
    private static final class Interpreter {
        private static final CelRuntime INSTANCE =
                CelRuntimeFactory.plannerRuntimeBuilder()
                        .setOptions(OPTIONS)
                        .addLibraries(CelExtensions.strings())
                        .addFunctionBindings(
                                CelFunctionBinding.from(FOLD_OVERLOAD, String.class, Fold::fold))
                        .build();
    }

    /** Loaded only when a file has windows with conditions. */
    private static final class Windows {
        private static final CelCompiler COMPILER = compiler(Root.ofWindows());
    }

    private static CelCompiler compiler(Set<Root> roots) {
        CelCompilerBuilder builder =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addLibraries(CelExtensions.strings())
                        .addFunctionDeclarations(
                                CelFunctionDecl.newFunctionDeclaration(
                                        "fold",
                                        CelOverloadDecl.newGlobalOverload(
                                                FOLD_OVERLOAD,
                                                SimpleType.STRING,
                                                SimpleType.STRING)));
        for (Root root : roots) {
            builder.addVar(root.text(), SimpleType.DYN);
        }
        return builder.build();
    }

    /** Parses and checks. */
    static CelAbstractSyntaxTree check(String cel) throws ExpressionException {
        return check(cel, COMPILER, Root.ofEvents());
    }

    /** Parses and checks a condition about a window. */
    static CelAbstractSyntaxTree checkWindow(String cel) throws ExpressionException {
        return check(cel, Windows.COMPILER, Root.ofWindows());
    }

    private static CelAbstractSyntaxTree check(String cel, CelCompiler compiler, Set<Root> roots)
            throws ExpressionException {
        try {
            return compiler.compile(cel).getAst();
        } catch (CelValidationException refused) {
            CelIssue first = refused.getErrors().getFirst();
            throw new ExpressionException(
                    message(first.getMessage(), roots), position(cel, first.getSourceLocation()));
        }
    }

    /** A program for dev.cel's own interpreter. */
    static CelRuntime.Program program(CelAbstractSyntaxTree ast) throws ExpressionException {
        try {
            return Interpreter.INSTANCE.createProgram(ast);
        } catch (CelEvaluationException refused) {
            throw new ExpressionException(String.valueOf(refused.getMessage()), -1);
        }
    }

    private static String message(String raw, Set<Root> roots) {
        String text = raw.replace(" (in container '')", "");
        return text.startsWith("undeclared reference to ")
                ? text.replace("undeclared reference to ", "unknown name ")
                        + "; an expression starts from "
                        + Root.all(roots)
                : text;
    }

    /** Lines count from 1, columns from 0 and in code points. */
    private static int position(String cel, CelSourceLocation location) {
        if (location.getLine() < 1) {
            return -1;
        }
        int start = 0;
        for (int line = 1; line < location.getLine(); line++) {
            int end = cel.indexOf('\n', start);
            if (end < 0) {
                return -1;
            }
            start = end + 1;
        }
        int columns = Math.min(location.getColumn(), cel.codePointCount(start, cel.length()));
        return columns < 0 ? -1 : cel.offsetByCodePoints(start, columns);
    }
}
