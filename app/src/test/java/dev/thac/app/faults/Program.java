package dev.thac.app.faults;

import dev.thac.app.Main;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The real program in a process of its own, which can be killed, stopped and told to end. What it
 * prints is kept. Thread-safe.
 */
final class Program implements AutoCloseable {

    /** How a process ends that was killed, or that ended itself as if it had been. */
    static final int KILLED = 137;

    /** How a process ends after SIGTERM. */
    static final int TERMINATED = 143;

    private final Process process;
    private final Instant started;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    /**
     * What to start.
     *
     * @param installation where the classes are, and how they are loaded fast
     * @param arguments of the command line
     * @param options of the virtual machine
     * @param environment variables besides the present ones
     */
    record Launch(
            Installation installation,
            List<String> arguments,
            List<String> options,
            Map<String, String> environment) {

        Program start() {
            List<String> command = new ArrayList<>(installation.command());
            command.addAll(options);
            command.add(Main.class.getName());
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            try {
                return new Program(Instant.now(), builder.start());
            } catch (IOException e) {
                throw new UncheckedIOException("the program did not start", e);
            }
        }
    }

    private Program(Instant started, Process process) {
        this.started = started;
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** When its process began. */
    Instant started() {
        return started;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** What it has printed so far, both streams. */
    synchronized String output() {
        return String.join("\n", lines);
    }

    /** SIGKILL: it can do nothing about it. Returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM. */
    void terminate() {
        signal("TERM");
    }

    /** SIGSTOP: it stands still until {@link #proceed}. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void proceed() {
        signal("CONT");
    }

    /**
     * No file of its may grow beyond a size any more, as on a disk that is full.
     *
     * @param bytes the size
     */
    void limitFiles(long bytes) {
        run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes);
    }

    /**
     * Waits for its end.
     *
     * @return the exit code
     * @throws AssertionError with its output when it goes on
     */
    int awaitExit(Duration patience) {
        return exit(patience)
                .orElseThrow(
                        () ->
                                new AssertionError(
                                        "still running after " + patience + ":\n" + output()));
    }

    /** Its exit code, if it ends in time. */
    Optional<Integer> exit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            reader.join(patience);
            return Optional.of(process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the program", e);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        kill();
    }

    private void signal(String name) {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    private static void run(String... command) {
        try {
            if (new ProcessBuilder(command).start().waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("there is no command " + command[0], e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command[0], e);
        }
    }

    private void read() {
        try (BufferedReader in = process.inputReader()) {
            String line = in.readLine();
            while (line != null) {
                synchronized (this) {
                    lines.add(line);
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            synchronized (this) {
                lines.add("(its output broke off: " + e.getMessage() + ")");
            }
        }
    }
}
