package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.cost.PriceBook;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;

/** {@code thac prices import}. */
@Command(
        name = "import",
        header = "Take over a price book as the project's own.",
        description =
                "Checks it and writes it to prices.json beside thac.yaml (or here, where there is"
                        + " none). All commands use it; on days and models it does not cover the"
                        + " bundled book holds.",
        mixinStandardHelpOptions = true)
final class PricesImportCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "A book in the format thac-prices/1.")
    private String file = "";

    @Option(names = "--force", description = "Replace the project's own book if it has one.")
    private boolean force;

    PricesImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path from = terminal.resolve(file);
        PriceBook book = PriceBook.read(from);
        Path own = ProjectFile.home(terminal).resolve(PriceBook.OWN_FILE);
        if (Files.exists(own) && !force) {
            throw new UserError(
                    ExitCode.FAILED,
                    own + " is there already",
                    "--force replaces it; `thac prices diff " + file + "` shows what differs");
        }
        Path whole = Files.createTempFile(own.getParent(), "prices", ".json");
        try {
            Files.copy(from, whole, StandardCopyOption.REPLACE_EXISTING);
            Files.move(
                    whole,
                    own,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            boolean _ = Files.deleteIfExists(whole); // it is still there where one of them failed
        }
        terminal.err()
                .println(own + ": " + Words.count(book.entries().size(), "price") + " imported");
        return ExitCode.OK.number();
    }
}
