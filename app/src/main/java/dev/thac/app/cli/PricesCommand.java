package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.cost.PriceBook;
import dev.thac.cost.PriceEntry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac prices}: the list; what can be done with it stands in commands of its own. */
@Command(
        name = "prices",
        header = "The price book: what models cost, and since when.",
        description = {
            "USD per million tokens in force now, from the bundled book and the project's own"
                    + " prices.json, which wins on the days it covers. A model that is in neither"
                    + " has no price, which is not zero.",
            "The price of the day on which a request is sent holds; a book's days begin at midnight"
                    + " in its \"zone\", UTC where it names none."
        },
        mixinStandardHelpOptions = true)
final class PricesCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "Only models whose id or provider contains it.")
    private List<String> filters = new ArrayList<>();

    @Option(names = "--all", description = "Past and future prices, too.")
    private boolean all;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    PricesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PriceBook book = PriceBook.of(ProjectFile.home(terminal));
        Instant now = Instant.now();
        List<PriceEntry> entries =
                book.entries().stream()
                        .filter(this::asked)
                        .filter(entry -> all || current(book, entry, now))
                        .toList();
        if (entries.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "no price is known for " + String.join(", ", filters),
                    "`thac prices set ID --input USD --output USD` gives one");
        }
        long age =
                ChronoUnit.DAYS.between(book.compiled(), LocalDate.ofInstant(now, ZoneOffset.UTC));
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("compiled", book.compiled().toString());
            tree.put("ageDays", age);
            tree.put("unit", "USD per 1M tokens");
            tree.put("prices", entries.stream().map(PriceLines::tree).toList());
            terminal.out().println(Json.pretty(tree));
        } else {
            PriceLines.table(entries).forEach(terminal.out()::println);
            terminal.err()
                    .println(
                            "USD per million tokens; the book is of "
                                    + book.compiled()
                                    + ", "
                                    + age
                                    + " days old");
        }
        return ExitCode.OK.number();
    }

    private boolean asked(PriceEntry entry) {
        return filters.isEmpty()
                || filters.stream()
                        .anyMatch(
                                text ->
                                        entry.id().contains(text)
                                                || entry.provider().contains(text));
    }

    private static boolean current(PriceBook book, PriceEntry entry, Instant now) {
        return !entry.retired() && book.entry(entry.id(), now).filter(entry::equals).isPresent();
    }
}
