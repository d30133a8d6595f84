package dev.thac.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Text with {@code *} for any characters; {@code \*} and {@code \\} stand for themselves. */
final class Wildcard implements Predicate<String> {

    private final String first;
    private final List<String> middle;
    private final String last;
    private final boolean exact;

    private Wildcard(List<String> literals) {
        this.first = literals.getFirst();
        this.exact = literals.size() == 1;
        this.last = literals.getLast();
        this.middle = exact ? List.of() : List.copyOf(literals.subList(1, literals.size() - 1));
    }

    static Wildcard parse(String pattern, String path) throws PatternException {
        List<String> literals = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '*') {
                if (i > 0 && literal.isEmpty() && !literals.isEmpty()) {
                    throw new PatternException(path, "'**' is not allowed in a wildcard");
                }
                literals.add(literal.toString());
                literal.setLength(0);
            } else if (c == '\\') {
                i++;
                if (i == pattern.length() || "*\\".indexOf(pattern.charAt(i)) < 0) {
                    throw new PatternException(
                            path, "in a wildcard, '\\' stands only before '*' or '\\'");
                }
                literal.append(pattern.charAt(i));
            } else {
                literal.append(c);
            }
        }
        literals.add(literal.toString());
        return new Wildcard(literals);
    }

    @Override
    public boolean test(String text) {
        if (exact) {
            return text.equals(first);
        }
        if (!text.startsWith(first)) {
            return false;
        }
        int at = first.length();
        for (String part : middle) {
            int found = text.indexOf(part, at);
            if (found < 0) {
                return false;
            }
            at = found + part.length();
        }
        return text.length() - last.length() >= at && text.endsWith(last);
    }
}
