package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.cost.PriceBook;
import dev.thac.cost.PriceEntry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code thac prices diff}. */
@Command(
        name = "diff",
        header = "What another price book says differently.",
        description = "Exits with 1 where there is a difference, as diff does.",
        mixinStandardHelpOptions = true)
final class PricesDiffCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "A book in the format thac-prices/1.")
    private String file = "";

    PricesDiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<String> mine = lines(PriceBook.of(ProjectFile.home(terminal)));
        List<String> other = lines(PriceBook.read(terminal.resolve(file)));
        Set<String> removed = new LinkedHashSet<>(mine);
        other.forEach(removed::remove);
        Set<String> added = new LinkedHashSet<>(other);
        mine.forEach(added::remove);
        removed.forEach(line -> terminal.out().println("- " + line));
        added.forEach(line -> terminal.out().println("+ " + line));
        terminal.err()
                .println(
                        removed.isEmpty() && added.isEmpty()
                                ? "no difference"
                                : removed.size() + " only here, " + added.size() + " only there");
        return (removed.isEmpty() && added.isEmpty() ? ExitCode.OK : ExitCode.FAILED).number();
    }

    /** Without the source: where a price was read does not change it. */
    private static List<String> lines(PriceBook book) {
        return book.entries().stream().map(PricesDiffCommand::line).toList();
    }

    private static String line(PriceEntry entry) {
        return entry.id()
                + entry.from().map(day -> " from " + day).orElse("")
                + entry.last().map(day -> " to " + day).orElse("")
                + (entry.retired() ? " retired" : "")
                + ": "
                + entry.price().figures();
    }
}
