package dev.thac.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Input of one JSON value per line. */
final class Lines {

    private Lines() {}

    /**
     * Opens the lines; the caller closes them.
     *
     * @param input a file, or {@code -} for standard input
     * @throws UserError when there is no such file
     */
    static BufferedReader open(Terminal terminal, String input) throws IOException {
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
     * @throws UserError naming the line when it is no JSON
     */
    static @Nullable Object json(String line, long number, String input) {
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
