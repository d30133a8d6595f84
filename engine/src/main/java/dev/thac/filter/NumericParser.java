package dev.thac.filter;

import dev.thac.event.Numbers;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Reads the argument of {@code numeric}: one comparison, or a lower and an upper bound. */
final class NumericParser {

    private static final int SINGLE = 2;
    private static final int DOUBLE = 4;
    private static final String EXPECTED =
            "'numeric' takes [\"=\", n], one bound such as [\">\", n], or two such as"
                    + " [\">\", n, \"<=\", m]";

    private NumericParser() {}

    static Matcher parse(@Nullable Object argument, String path) throws PatternException {
        if (!(argument instanceof List<?> terms)
                || (terms.size() != SINGLE && terms.size() != DOUBLE)) {
            throw new PatternException(path, EXPECTED);
        }
        String operator = operator(terms.get(0), path);
        Number number = number(terms.get(1), path);
        if (terms.size() == SINGLE) {
            return switch (operator) {
                case "=" -> Matchers.exactly(number);
                case ">", ">=" -> new Range(number, operator.equals(">"), null, false);
                default -> new Range(null, false, number, operator.equals("<"));
            };
        }
        String second = operator(terms.get(2), path);
        Number top = number(terms.get(SINGLE + 1), path);
        if (!operator.startsWith(">") || !second.startsWith("<")) {
            throw new PatternException(path, EXPECTED);
        }
        if (Numbers.compare(number, top) >= 0) {
            throw new PatternException(path, "the lower bound must be below the upper one");
        }
        return new Range(number, operator.equals(">"), top, second.equals("<"));
    }

    private static String operator(@Nullable Object term, String path) throws PatternException {
        if (term instanceof String text && List.of("=", "<", "<=", ">", ">=").contains(text)) {
            return text;
        }
        throw new PatternException(path, EXPECTED);
    }

    private static Number number(@Nullable Object term, String path) throws PatternException {
        if (term instanceof Number number) {
            return number;
        }
        throw new PatternException(path, EXPECTED);
    }
}
