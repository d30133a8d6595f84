package dev.thac.app.terminal;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The world outside a command: standard output for data, standard error for talk, standard input,
 * the environment and the working folder. Tests put their own in.
 *
 * @param out data
 * @param err talk: progress, notes, errors
 * @param in standard input
 * @param environment variables by name
 * @param directory what relative paths start from
 * @param outTerminal whether a person looks at {@code out}
 * @param errTerminal whether a person looks at {@code err}: progress lines are redrawn
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        InputStream in,
        Map<String, String> environment,
        Path directory,
        boolean outTerminal,
        boolean errTerminal) {

    /**
     * The process' own streams.
     *
     * @return the terminal of this process
     */
    public static Terminal system() {
        Map<String, String> environment = System.getenv();
        return new Terminal(
                utf8(System.out),
                utf8(System.err),
                System.in,
                environment,
                Path.of(""),
                isTerminal(environment, "THAC_OUT_TTY"),
                isTerminal(environment, "THAC_ERR_TTY"));
    }

    /**
     * Whether what is written to {@code err} may be coloured and redrawn.
     *
     * @return true on a terminal without {@code NO_COLOR}
     */
    public boolean colors() {
        return errTerminal && noColor();
    }

    /**
     * Whether what is written to {@code out} may be coloured.
     *
     * @return true on a terminal without {@code NO_COLOR}
     */
    public boolean outColors() {
        return outTerminal && noColor();
    }

    /**
     * Whether stack traces are wanted.
     *
     * @return true where {@code THAC_DEBUG} is set
     */
    public boolean debug() {
        return !environment.getOrDefault("THAC_DEBUG", "").isEmpty();
    }

    /**
     * A path as the user wrote it.
     *
     * @param path relative to the working folder, or absolute
     * @return where it is
     */
    public Path resolve(String path) {
        return directory.resolve(path);
    }

    private boolean noColor() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** The launcher tests each stream; without it both are judged by the console (slower). */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again without a terminal
    private static boolean isTerminal(Map<String, String> environment, String name) {
        if ("dumb".equals(environment.get("TERM"))) {
            return false;
        }
        String told = environment.get(name);
        if (told != null) {
            return "1".equals(told);
        }
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
