package dev.thac.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a benchmark found: where, with which parameters, every raw figure, ratios to the base row of
 * the same round, and the bars.
 *
 * @param name the benchmark, with what sets it apart from its default parameters
 * @param date when
 * @param machine where it ran
 * @param parameters of the run
 * @param base the row that the others are compared with
 * @param runs every measured run
 * @param bars the bars of the design
 * @param notes what else is to be known, one sentence each
 * @param profiles row to where its time went; empty without {@code --profile}
 */
record Report(
        String name,
        LocalDate date,
        Map<String, String> machine,
        Map<String, String> parameters,
        String base,
        List<Run> runs,
        List<Bar> bars,
        List<String> notes,
        Map<String, Profile> profiles) {

    private static final int FRAMES = 25;

    /**
     * One row over all rounds.
     *
     * @param rate records a second
     * @param ratio to the base row of the same round
     * @param cpuMicros processor time of the row's process for one record, microseconds
     */
    record Line(String row, Spread rate, Spread ratio, Spread cpuMicros) {}

    /** Whether every bar was reached. */
    boolean passed() {
        return bars.stream().allMatch(Bar::passed);
    }

    /** The rows in the order they ran. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (String row : runs.stream().map(Run::row).distinct().toList()) {
            List<Run> mine = of(runs, row);
            lines.add(
                    new Line(
                            row,
                            Spread.of(mine.stream().map(Run::perSecond).toList()),
                            Spread.of(ratios(runs, row, base)),
                            Spread.of(mine.stream().map(Run::cpuMicrosPerRecord).toList())));
        }
        return lines;
    }

    /**
     * One row's speed divided by another's, round by round.
     *
     * @return one value per round that has both
     */
    static List<Double> ratios(List<Run> runs, String row, String base) {
        List<Double> ratios = new ArrayList<>();
        for (Run run : of(runs, row)) {
            for (Run other : of(runs, base)) {
                if (other.round() == run.round()) {
                    ratios.add(run.perSecond() / other.perSecond());
                }
            }
        }
        return ratios;
    }

    /** The median of {@link #ratios}, where both rows ran. */
    static Optional<Double> ratio(List<Run> runs, String row, String base) {
        List<Double> ratios = ratios(runs, row, base);
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios).median());
    }

    private static List<Run> of(List<Run> runs, String row) {
        return runs.stream().filter(run -> run.row().equals(row)).toList();
    }

    /** As printed on a terminal. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("bench ").append(name).append("  ").append(facts(parameters)).append('\n');
        text.append(facts(machine)).append("\n\n");
        text.append(
                line(
                        "%-44s %10s  %-23s %6s  %-13s %8s",
                        "row", "median/s", "min - max", "ratio", "min - max", "cpu us"));
        for (Line line : lines()) {
            text.append(
                    line(
                            "%-44s %,10.0f  %-23s %6.3f  %-13s %8.2f",
                            line.row(),
                            line.rate().median(),
                            "%,.0f - %,.0f".formatted(line.rate().min(), line.rate().max()),
                            line.ratio().median(),
                            "%.3f - %.3f".formatted(line.ratio().min(), line.ratio().max()),
                            line.cpuMicros().median()));
        }
        text.append('\n');
        for (Bar bar : bars) {
            text.append(
                    line(
                            "%-6s %s: %s, bar %s %s",
                            bar.passed() ? "pass" : "MISS",
                            bar.what(),
                            figure(bar.value(), bar.unit()),
                            bar.atMost() ? "<=" : ">=",
                            figure(bar.limit(), bar.unit())));
        }
        notes.forEach(note -> text.append(note).append('\n'));
        profiles.forEach((row, profile) -> text.append(profileText(row, profile)));
        return text.toString();
    }

    private static String profileText(String row, Profile profile) {
        StringBuilder text = new StringBuilder("\nprofile of " + row + '\n');
        profile.views(FRAMES)
                .forEach(
                        (view, entries) -> {
                            text.append("  ").append(view).append('\n');
                            entries.forEach(e -> text.append("    ").append(e).append('\n'));
                        });
        return text.toString();
    }

    /** The page for people. */
    String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# bench ").append(name).append(", ").append(date).append("\n\n");
        page.append("| | |\n|---|---|\n");
        machine.forEach((key, value) -> page.append(line("| %s | %s |", key, value)));
        parameters.forEach((key, value) -> page.append(line("| %s | %s |", key, value)));
        page.append("\nRatios are to \"").append(base).append("\" of the same round; the median");
        page.append(" of the rounds, with the smallest and the largest.\n\n");
        page.append("| row | records/s | min - max | ratio | min - max | cpu µs/record |\n");
        page.append("|---|---:|---:|---:|---:|---:|\n");
        for (Line line : lines()) {
            page.append(
                    line(
                            "| %s | %,.0f | %,.0f - %,.0f | %.3f | %.3f - %.3f | %.2f |",
                            line.row(),
                            line.rate().median(),
                            line.rate().min(),
                            line.rate().max(),
                            line.ratio().median(),
                            line.ratio().min(),
                            line.ratio().max(),
                            line.cpuMicros().median()));
        }
        page.append("\n| bar | wanted | found | |\n|---|---:|---:|---|\n");
        for (Bar bar : bars) {
            page.append(
                    line(
                            "| %s | %s %s | %s | %s |",
                            bar.what(),
                            bar.atMost() ? "at most" : "at least",
                            figure(bar.limit(), bar.unit()),
                            figure(bar.value(), bar.unit()),
                            bar.passed() ? "pass" : "**miss**"));
        }
        page.append('\n');
        notes.forEach(note -> page.append("* ").append(note).append('\n'));
        profiles.forEach(
                (row, profile) ->
                        page.append("\n```text").append(profileText(row, profile)).append("```\n"));
        return page.toString();
    }

    /**
     * Writes {@code NAME-DATE.json} and {@code .md}; those of an earlier run of the day are
     * replaced.
     *
     * @return the JSON file
     */
    Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        String stem = name + '-' + date;
        Files.writeString(directory.resolve(stem + ".md"), markdown());
        Path json = directory.resolve(stem + ".json");
        Files.writeString(
                json,
                new ObjectMapper()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .writeValueAsString(tree())
                        + "\n");
        return json;
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("benchmark", name);
        tree.put("date", date.toString());
        tree.put("machine", machine);
        tree.put("parameters", parameters);
        tree.put("base", base);
        tree.put("rows", lines());
        tree.put("runs", runs);
        tree.put("bars", bars.stream().map(Report::tree).toList());
        tree.put("notes", notes);
        Map<String, Object> times = new LinkedHashMap<>();
        profiles.forEach((row, profile) -> times.put(row, profile.views(FRAMES)));
        tree.put("profiles", times);
        return tree;
    }

    private static Map<String, Object> tree(Bar bar) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("what", bar.what());
        tree.put(bar.atMost() ? "atMost" : "atLeast", bar.limit());
        tree.put("value", bar.value());
        tree.put("unit", bar.unit());
        tree.put("passed", bar.passed());
        return tree;
    }

    private static String facts(Map<String, String> facts) {
        return String.join(
                " · ",
                facts.entrySet().stream()
                        .filter(fact -> !fact.getValue().isEmpty())
                        .map(fact -> fact.getKey() + ' ' + fact.getValue())
                        .toList());
    }

    private static String figure(double value, String unit) {
        return unit.isEmpty()
                ? String.format(Locale.ROOT, "%.3f", value)
                : String.format(Locale.ROOT, "%,.0f %s", value, unit);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values).stripTrailing() + '\n';
    }
}
