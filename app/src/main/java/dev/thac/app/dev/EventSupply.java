package dev.thac.app.dev;

import dev.thac.app.sample.ReviewSource;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the events of {@code thac dev} come from. Used by one thread. */
public sealed interface EventSupply extends AutoCloseable {

    /**
     * The next event.
     *
     * @return the value, or {@code null} when there are no more
     * @throws IOException when the file cannot be read
     */
    @Nullable String next() throws IOException;

    /**
     * What it is, for the start screen.
     *
     * @return a few words
     */
    String description();

    @Override
    void close() throws IOException;

    /**
     * Made-up reviews without end.
     *
     * @param seed where they come from
     * @return the supply
     */
    static EventSupply reviews(long seed) {
        return new Reviews(new ReviewSource(seed));
    }

    /**
     * Every line of a file once.
     *
     * @param file JSON lines
     * @return the supply
     */
    static EventSupply once(Path file) {
        try {
            return new Once(Files.newBufferedReader(file), file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The lines of a small file, again and again.
     *
     * @param file JSON lines
     * @return the supply
     */
    static EventSupply again(Path file) {
        try {
            List<String> lines =
                    Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
            if (lines.isEmpty()) {
                throw new UserError(ExitCode.FAILED, file + " has no events", "");
            }
            return new Again(lines, file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserError unreadable(Path file, IOException e) {
        return UserError.usage(
                "cannot read " + file + ": " + e.getMessage(),
                "name a file with one JSON value per line");
    }

    /** Made-up reviews. */
    final class Reviews implements EventSupply {
        private final ReviewSource source;

        Reviews(ReviewSource source) {
            this.source = source;
        }

        @Override
        public String next() {
            return source.next().line();
        }

        @Override
        public String description() {
            return "made-up product reviews";
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /** A file once. */
    final class Once implements EventSupply {
        private final BufferedReader lines;
        private final Path file;

        Once(BufferedReader lines, Path file) {
            this.lines = lines;
            this.file = file;
        }

        @Override
        public @Nullable String next() throws IOException {
            String line = lines.readLine();
            while (line != null && line.isBlank()) {
                line = lines.readLine();
            }
            return line;
        }

        @Override
        public String description() {
            return "the lines of " + file;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /** A file again and again. */
    final class Again implements EventSupply {
        private final List<String> lines;
        private final Path file;
        private int next;

        Again(List<String> lines, Path file) {
            this.lines = lines;
            this.file = file;
        }

        @Override
        public String next() {
            return lines.get(next++ % lines.size());
        }

        @Override
        public String description() {
            return "the lines of " + file + ", again and again";
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
