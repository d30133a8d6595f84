package dev.thac.spec;

import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

import java.util.List;
import java.util.Optional;

/**
 * Where a character of a text value stands in the file: the way back from the value to what was
 * written. Answers for plain and quoted text on one line and for literal blocks ({@code |}); folded
 * and multi-line text have no simple way back.
 */
final class ScalarPlaces {

    private ScalarPlaces() {}

    /**
     * The place of a character.
     *
     * @param scalar the text value
     * @param lines the lines of the file
     * @param offset index of the character in the value
     * @return line and column, both from 0; empty where there is no simple way back
     */
    static Optional<int[]> of(ScalarNode scalar, List<String> lines, int offset) {
        Mark start = scalar.getStartMark().orElseThrow();
        Mark end = scalar.getEndMark().orElse(start);
        ScalarStyle style = scalar.getScalarStyle();
        if (style == ScalarStyle.LITERAL) {
            return literal(scalar.getValue(), lines, start.getLine() + 1, offset);
        }
        if (style == ScalarStyle.FOLDED || end.getLine() != start.getLine()) {
            return Optional.empty();
        }
        int line = start.getLine();
        int column = start.getColumn();
        if (style == ScalarStyle.PLAIN) {
            return Optional.of(new int[] {line, Math.min(column + offset, end.getColumn())});
        }
        String written = lines.get(line).substring(column + 1, end.getColumn() - 1);
        return Optional.of(new int[] {line, column + 1 + quoted(written, style, offset)});
    }

    private static Optional<int[]> literal(
            String value, List<String> lines, int firstLine, int offset) {
        String before = value.substring(0, Math.min(offset, value.length()));
        int line = firstLine + (int) before.chars().filter(letter -> letter == '\n').count();
        if (line >= lines.size()) {
            return Optional.empty();
        }
        String content = value.split("\n", -1)[line - firstLine];
        int indent = lines.get(line).length() - content.length();
        int column = before.length() - (before.lastIndexOf('\n') + 1);
        return indent < 0 ? Optional.empty() : Optional.of(new int[] {line, indent + column});
    }

    private static int quoted(String written, ScalarStyle style, int offset) {
        int index = 0;
        for (int passed = 0; passed < offset && index < written.length(); passed++) {
            char letter = written.charAt(index);
            if (style == ScalarStyle.SINGLE_QUOTED) {
                index += letter == '\'' ? 2 : 1;
            } else if (letter == '\\' && index + 1 < written.length()) {
                index +=
                        switch (written.charAt(index + 1)) {
                            case 'x' -> 4;
                            case 'u' -> 6;
                            case 'U' -> 10;
                            default -> 2;
                        };
            } else {
                index++;
            }
        }
        return Math.min(index, written.length());
    }
}
