package dev.thac.spec;

import java.util.Comparator;
import java.util.Optional;

/**
 * One thing wrong with a file, and where. Immutable.
 *
 * @param kind what kind of problem
 * @param message the reason, one sentence without a full stop
 * @param file the file as the user named it
 * @param line its line, from 1; 0 where the problem is the file as a whole
 * @param column its column in characters, from 1; 0 where the problem is the file as a whole
 * @param excerpt the line itself, secrets masked; empty where there is none
 * @param width how many characters of the line are meant, at least 1
 * @param help what to do; empty where the reason says it
 */
public record Problem(
        ProblemKind kind,
        String message,
        String file,
        int line,
        int column,
        String excerpt,
        int width,
        Optional<String> help) {

    /** By line, then column; problems of one place keep their order. */
    static final Comparator<Problem> BY_PLACE =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    /**
     * A problem of a file as a whole.
     *
     * @param kind what kind of problem
     * @param file the file as the user named it
     * @param message the reason
     * @return the problem
     */
    public static Problem ofFile(ProblemKind kind, String file, String message) {
        return new Problem(kind, message, file, 0, 0, "", 1, Optional.empty());
    }

    /**
     * The same problem with advice.
     *
     * @param advice what to do
     * @return a copy
     */
    public Problem withHelp(String advice) {
        return new Problem(kind, message, file, line, column, excerpt, width, Optional.of(advice));
    }

    /**
     * The problem as it is shown: reason, place, the line with carets, advice.
     *
     * @return several lines, without a line end at the end
     */
    public String render() {
        StringBuilder text = new StringBuilder("error: ").append(message).append("\n  --> ");
        text.append(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column).append('\n');
            text.append("%5d | ".formatted(line)).append(excerpt).append("\n      | ");
            excerpt.codePoints()
                    .limit(column - 1L)
                    .filter(character -> Character.getType(character) != Character.NON_SPACING_MARK)
                    .forEach(character -> text.append(character == '\t' ? '\t' : ' '));
            text.repeat('^', width);
        }
        help.ifPresent(advice -> text.append("\n  help: ").append(advice));
        return text.toString();
    }

    /** Returns {@link #render()}. */
    @Override
    public String toString() {
        return render();
    }
}
