package dev.thac.app;

import dev.thac.app.terminal.Terminal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
public final class CommandRun {

    private final Map<String, String> environment = new HashMap<>();
    private Path directory = Path.of(System.getProperty("thac.root", ".."));
    private String input = "";
    private boolean terminal;

    /** What a command left behind. */
    public record Result(int code, String out, String err) {}

    /** The repository's root as working folder, no environment, no terminal. */
    public static CommandRun here() {
        return new CommandRun();
    }

    /** The root of the repository. */
    public static Path root() {
        return Path.of(System.getProperty("thac.root", ".."));
    }

    /** Another working folder. */
    public CommandRun in(Path folder) {
        directory = folder;
        return this;
    }

    /** A variable of the environment. */
    public CommandRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Text on standard input. */
    public CommandRun typing(String text) {
        input = text;
        return this;
    }

    /** As if a person looked on. */
    public CommandRun onTerminal() {
        terminal = true;
        return this;
    }

    /** Runs it to its end. */
    public Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Main.run(
                        arguments,
                        new Terminal(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                                environment,
                                directory,
                                terminal,
                                terminal));
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
