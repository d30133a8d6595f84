package dev.thac.app;

import dev.thac.app.cli.Commands;
import dev.thac.app.terminal.Terminal;

/** Where {@code thac} starts. */
public final class Main {

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments, Terminal.system()));
    }

    /**
     * Runs one command in this process.
     *
     * @param arguments the command line
     * @param terminal where it reads and writes
     * @return the exit code
     */
    public static int run(String[] arguments, Terminal terminal) {
        return Commands.run(arguments, terminal);
    }
}
