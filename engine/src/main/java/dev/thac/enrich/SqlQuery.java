package dev.thac.enrich;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One SQL query with {@code :name} parameters. Values never become part of its text: each parameter
 * is a placeholder of the prepared statement. Quoted text, identifiers, comments and casts ({@code
 * ::}) are left as they are.
 *
 * @param sql with a question mark for each parameter
 * @param parameters the names in the order of the question marks; a name may come twice
 */
public record SqlQuery(String sql, List<String> parameters) {

    /** Copies the names. */
    public SqlQuery {
        parameters = List.copyOf(parameters);
    }

    /**
     * Parses.
     *
     * @param text as written in a file
     * @return the query
     * @throws IllegalArgumentException when it is no single query: what is wrong
     */
    public static SqlQuery parse(String text) {
        return new Scan(text).query();
    }

    /**
     * The names of its parameters.
     *
     * @return each once
     */
    public Set<String> names() {
        return new LinkedHashSet<>(parameters);
    }

    /** One pass over the text. */
    private static final class Scan {
        private final String text;
        private final StringBuilder sql = new StringBuilder();
        private final List<String> parameters = new ArrayList<>();
        private int at;
        private boolean ended;
        private String first = "";

        Scan(String text) {
            this.text = text;
        }

        SqlQuery query() {
            while (at < text.length()) {
                int skipped = skipped();
                if (skipped > 0) {
                    sql.append(text, at, at + skipped);
                    at += skipped;
                } else {
                    one();
                }
            }
            String word = first.toLowerCase(Locale.ROOT);
            if (!word.equals("select") && !word.equals("with")) {
                throw new IllegalArgumentException("a lookup is one select");
            }
            return new SqlQuery(sql.toString().strip(), parameters);
        }

        private void one() {
            char c = text.charAt(at);
            if (ended && !Character.isWhitespace(c)) {
                throw new IllegalArgumentException("more than one statement");
            }
            if (c == ';') {
                ended = true;
                at++;
            } else if (c == '?') {
                throw new IllegalArgumentException(
                        "a parameter is written :name; a question mark stands for none");
            } else if (c == ':' && text.startsWith("::", at)) {
                sql.append("::");
                at += 2;
            } else if (c == ':' && nameAt(at + 1) > at + 1) {
                int end = nameAt(at + 1);
                parameters.add(text.substring(at + 1, end));
                sql.append('?');
                at = end;
            } else if (Character.isJavaIdentifierStart(c)) {
                int end = nameAt(at);
                String word = text.substring(at, end);
                first = first.isEmpty() ? word : first;
                sql.append(word);
                at = end;
            } else {
                sql.append(c);
                at++;
            }
        }

        /** Where the name that begins here ends; the place itself where none does. */
        private int nameAt(int from) {
            int end = from;
            while (end < text.length()
                    && (end == from
                            ? Character.isJavaIdentifierStart(text.charAt(end))
                            : Character.isJavaIdentifierPart(text.charAt(end)))) {
                end++;
            }
            return end;
        }

        /** How many characters belong to a quoted piece or a comment that begins here. */
        private int skipped() {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                return until(Character.toString(c), at + 1, "a quote is not closed") - at;
            }
            if (text.startsWith("--", at)) {
                int end = text.indexOf('\n', at);
                return (end < 0 ? text.length() : end) - at;
            }
            if (text.startsWith("/*", at)) {
                return until("*/", at + 2, "a comment is not closed") - at;
            }
            if (c == '$') {
                int tag = text.indexOf('$', at + 1);
                if (tag > 0 && text.substring(at + 1, tag).chars().allMatch(this::inTag)) {
                    String quote = text.substring(at, tag + 1);
                    return until(quote, tag + 1, "a quote is not closed") - at;
                }
            }
            return 0;
        }

        private boolean inTag(int c) {
            return c == '_' || Character.isLetterOrDigit(c);
        }

        private int until(String closing, int from, String otherwise) {
            int end = text.indexOf(closing, from);
            if (end < 0) {
                throw new IllegalArgumentException(otherwise);
            }
            return end + closing.length();
        }
    }
}
