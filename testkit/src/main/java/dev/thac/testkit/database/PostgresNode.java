package dev.thac.testkit.database;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The server's process and its directory. Thread-safe. */
final class PostgresNode {

    static final String USER = "thac";
    static final String PASSWORD = "thac";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long STEP_MILLIS = 10;

    /**
     * Runs the server in a session of its own, so that an interrupt typed at a terminal reaches
     * this process only, and ends it when the pipe from this process closes, however this process
     * ended.
     */
    private static final String GUARD =
            "trap '' INT HUP TERM; exec 3<&0; own=; command -v setsid >/dev/null && own=setsid;"
                    + " $own \"$@\" 3<&- & server=$!;"
                    + " { cat <&3 >/dev/null; kill -QUIT $server 2>/dev/null; } & wait $server";

    private final Path directory;
    private final Binaries binaries;
    private final ServerUser user;
    private @Nullable Process guard;

    private PostgresNode(Path directory, Binaries binaries, ServerUser user) {
        this.directory = directory;
        this.binaries = binaries;
        this.user = user;
    }

    /** A stopped server whose directory has a cluster. */
    static PostgresNode prepared(Path directory) {
        PostgresNode node = new PostgresNode(directory, Binaries.find(), ServerUser.find());
        try {
            node.fill();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no PostgreSQL cluster could be made in " + directory, e);
        }
        return node;
    }

    /** The directory with the cluster and the log. */
    Path directory() {
        return directory;
    }

    synchronized boolean running() {
        return guard != null && guard.isAlive();
    }

    /** Starts it on a port; returns when it takes connections. */
    synchronized void start(int port) {
        Path log = directory.resolve("server.log");
        List<String> command =
                List.of(
                        "sh",
                        "-c",
                        GUARD,
                        "postgres",
                        binaries.bin().resolve("postgres").toString(),
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "full_page_writes=off",
                        "-c",
                        "shared_buffers=16MB",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "log_min_messages=warning");
        try {
            long lines = Files.exists(log) ? Files.size(log) : 0;
            Process started =
                    new ProcessBuilder(user.command(command))
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            guard = started;
            awaitReady(log, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    /** Ends it in an orderly way, its clients' connections included. */
    synchronized void stop() {
        if (postmaster().isPresent()) {
            user.run(
                    directory,
                    List.of(
                            binaries.bin().resolve("pg_ctl").toString(),
                            "stop",
                            "-m",
                            "fast",
                            "-w",
                            "-D",
                            data().toString()));
        }
        endGuard();
    }

    /** Ends every process of it at once. */
    synchronized void kill() {
        postmaster()
                .ifPresent(
                        server -> {
                            // the workers too: one left alive holds the shared memory
                            List<ProcessHandle> workers = server.descendants().toList();
                            server.destroyForcibly();
                            workers.forEach(ProcessHandle::destroyForcibly);
                            endGuard();
                            while (workers.stream().anyMatch(PostgresNode::isServer)) {
                                pause();
                            }
                        });
        endGuard();
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** Makes the cluster. Measured: copying one made before takes longer. */
    private void fill() throws IOException {
        Files.createDirectories(directory);
        if (Files.exists(data().resolve("PG_VERSION"))) {
            return;
        }
        if (user != ServerUser.SELF) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.createDirectory(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        Path password = Files.createTempFile(directory, "password-", ".txt");
        Files.writeString(password, PASSWORD + "\n");
        user.give(data());
        user.give(password);
        user.run(
                directory,
                List.of(
                        binaries.bin().resolve("initdb").toString(),
                        "-D",
                        data().toString(),
                        "-U",
                        USER,
                        "-A",
                        "scram-sha-256",
                        "--pwfile=" + password,
                        "-E",
                        "UTF-8",
                        "--locale=C",
                        "--wal-segsize=1",
                        "--no-sync"));
        Files.delete(password);
    }

    /** The server writes its state into the last line of a file, as {@code pg_ctl} expects it. */
    private void awaitReady(Path log, long skip) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!state().equals("ready")) {
            if (!running() || System.nanoTime() > deadline) {
                kill();
                byte[] text = Files.readAllBytes(log);
                int from = (int) Math.min(skip, text.length);
                throw new IllegalStateException(
                        "PostgreSQL did not start: "
                                + new String(text, from, text.length - from, StandardCharsets.UTF_8)
                                        .strip());
            }
            pause();
        }
    }

    /** False for one that has ended, also while nobody has asked for its exit code. */
    private static boolean isServer(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("postgres");
    }

    private String state() {
        List<String> lines = pidFile();
        // the file outlives a killed server
        return lines.size() < 8 || postmaster().isEmpty() ? "" : lines.get(7).strip();
    }

    private Optional<ProcessHandle> postmaster() {
        List<String> lines = pidFile();
        return lines.isEmpty() || lines.getFirst().isBlank()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                        .filter(ProcessHandle::isAlive)
                        .filter(PostgresNode::isServer);
    }

    private List<String> pidFile() {
        Path file = data().resolve("postmaster.pid");
        try {
            return Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : List.of();
        } catch (IOException e) {
            // removed or being written at this moment
            return List.of();
        }
    }

    private void endGuard() {
        Process ending = guard;
        if (ending == null) {
            return;
        }
        guard = null;
        try {
            ending.getOutputStream().close();
        } catch (IOException e) {
            // the pipe of a process that ended already
            ending.destroyForcibly();
        }
        awaitEnd(ending.toHandle());
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " does not end", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(STEP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started or ended", e);
        }
    }
}
