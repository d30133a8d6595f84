package dev.thac.app.dev;

import dev.thac.app.sample.SampleEvent;
import dev.thac.app.sample.SampleEvents;
import dev.thac.app.sample.SampleKind;
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
     * An event to write.
     *
     * @param key of its record, if it has one
     * @param value one line
     */
    record Line(@Nullable String key, String value) {}

    /**
     * The next event.
     *
     * @return the event, or {@code null} when there are no more
     * @throws IOException when the file cannot be read
     */
    @Nullable Line next() throws IOException;

    /**
     * What it is, for the start screen.
     *
     * @return a few words
     */
    String description();

    @Override
    void close() throws IOException;

    /**
     * Made-up events without end.
     *
     * @param kind what they are
     * @param events where they come from
     * @return the supply
     */
    static EventSupply madeUp(SampleKind kind, SampleEvents events) {
        return new MadeUp(kind, events);
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

    /** Made-up events. */
    final class MadeUp implements EventSupply {
        private final SampleKind kind;
        private final SampleEvents events;

        MadeUp(SampleKind kind, SampleEvents events) {
            this.kind = kind;
            this.events = events;
        }

        @Override
        public Line next() {
            SampleEvent event = events.next();
            return new Line(event.key(), event.value());
        }

        @Override
        public String description() {
            return "made-up " + kind.description();
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
        public @Nullable Line next() throws IOException {
            String line = lines.readLine();
            while (line != null && line.isBlank()) {
                line = lines.readLine();
            }
            return line == null ? null : new Line(null, line);
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
        public Line next() {
            return new Line(null, lines.get(next++ % lines.size()));
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
