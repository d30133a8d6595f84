package dev.thac.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path of a placeholder.
 *
 * @param root where it starts
 * @param steps {@code String} names and {@code Integer} indices
 */
record TemplatePath(Root root, List<Object> steps) {

    private static final String STOPS = ".[]{}\"'|() \t\n";

    /** Parses {@code text} from {@code start} to {@code end}, both outside the braces. */
    static TemplatePath parse(String text, int start, int end) throws ExpressionException {
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (from == to) {
            throw new ExpressionException(
                    "a placeholder needs a path, as in {{ value.text }}", from);
        }
        int at = nameEnd(text, from, to);
        String name = text.substring(from, at);
        Optional<Root> root = Root.named(name).filter(Root.ofEvents()::contains);
        if (root.isEmpty()) {
            throw new ExpressionException(
                    "unknown name '" + name + "'; a path starts from " + Root.all(Root.ofEvents()),
                    from);
        }
        List<Object> steps = new ArrayList<>();
        while (at < to) {
            at = step(text, at, to, steps);
        }
        return new TemplatePath(root.get(), List.copyOf(steps));
    }

    private static int step(String text, int at, int to, List<Object> steps)
            throws ExpressionException {
        if (text.charAt(at) == '.') {
            int end = nameEnd(text, at + 1, to);
            if (end > at + 1) {
                steps.add(text.substring(at + 1, end));
                return end;
            }
        } else if (text.charAt(at) == '[') {
            int close = text.indexOf(']', at);
            if (close > at + 1 && close < to) {
                steps.add(index(text.substring(at + 1, close), at + 1));
                return close + 1;
            }
        }
        throw new ExpressionException(
                "a placeholder holds a path only, as in {{ value.items[0].name }};"
                        + " compute in 'derive'",
                at);
    }

    private static Object index(String text, int position) throws ExpressionException {
        boolean quoted =
                text.length() > 2
                        && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                        && text.charAt(text.length() - 1) == text.charAt(0);
        if (quoted) {
            return text.substring(1, text.length() - 1);
        }
        boolean digits = text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new ExpressionException("'" + text + "' is no index", position);
        }
        return Integer.valueOf(text);
    }

    private static int nameEnd(String text, int from, int to) {
        int at = from;
        while (at < to && STOPS.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /** The path as {@link FieldPaths} writes it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(root.text());
        for (Object step : steps) {
            text.append(step instanceof String name ? FieldPaths.step(name) : "[" + step + "]");
        }
        return text.toString();
    }
}
