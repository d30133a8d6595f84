package dev.thac.app.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Prints what was measured, and appends it to the file {@code thac.faults.figures} names. */
final class Figures {

    private Figures() {}

    static void print(String text) {
        System.out.println(text);
        String file = System.getProperty("thac.faults.figures", "");
        if (!file.isEmpty()) {
            try {
                Files.writeString(
                        Path.of(file),
                        text + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
