package dev.thac.app.plan;

import java.util.ArrayList;
import java.util.List;

/** A table of text: the first column to the left, figures to the right, the last one as it is. */
final class Columns {

    private final List<List<String>> rows = new ArrayList<>();

    Columns row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    List<String> lines() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String gap = " ".repeat(widths[i] - cell.length());
                boolean text = i == 0 || i == columns - 1;
                line.append(' ').append(text ? cell + gap : gap + cell).append(' ');
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
