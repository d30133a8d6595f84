package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Version;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code thac version}. */
@Command(
        name = "version",
        header = "Print the version, and the Java it runs on.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println("thac " + Version.current());
        terminal.out()
                .println(
                        "java "
                                + Runtime.version()
                                + " ("
                                + System.getProperty("java.vendor")
                                + ")");
        return ExitCode.OK.number();
    }
}
