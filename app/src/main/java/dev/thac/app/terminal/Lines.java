package dev.thac.app.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Input of one JSON value per line. */
public final class Lines {

    private Lines() {}

    /**
     * Opens the lines; the caller closes them.
     *
     * @param terminal standard input and the working folder
     * @param input a file, or {@code -} for standard input
     * @return the lines
     * @throws UserError when there is no such file
     * @throws IOException when it cannot be read
     */
    public static BufferedReader open(Terminal terminal, String input) throws IOException {
        if (input.equals("-")) {
            return new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        }
        Path file = terminal.resolve(input);
        if (!Files.isRegularFile(file)) {
            throw UserError.usage(
                    "there is no file " + file, "name a file with one JSON value per line");
        }
        return Files.newBufferedReader(file);
    }

    /**
     * Reads one line.
     *
     * @param line its text
     * @param number its number, from 1
     * @param input where it comes from, for the message
     * @return a JSON tree
     * @throws UserError naming the line when it is no JSON
     */
    public static @Nullable Object json(String line, long number, String input) {
        try {
            return Json.read(line);
        } catch (JsonProcessingException e) {
            throw new UserError(
                    ExitCode.FAILED,
                    "line " + number + " of " + input + " is no JSON: " + e.getOriginalMessage(),
                    "one JSON value per line is needed here");
        }
    }
}
