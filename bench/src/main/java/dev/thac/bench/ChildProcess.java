package dev.thac.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of its own for what must not share a heap with what is measured. It runs a main
 * class of this class path that prints one line when it is ready and ends when its standard input
 * does, so it cannot outlive this process.
 */
final class ChildProcess implements AutoCloseable {

    private static final String READY = "READY ";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final String address;

    private ChildProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts and returns when the child says where it can be reached. */
    static ChildProcess start(Class<?> main, String heap, List<String> args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-Xms" + heap);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dsun.net.httpserver.nodelay=true");
        command.add("-D" + Main.LOG_LEVEL + "=error");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(args);
        Path log = Files.createTempFile("bench-" + main.getSimpleName(), ".log");
        Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.startsWith(READY)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException(main.getSimpleName() + " ended before it was ready, see " + log);
        }
        log.toFile().deleteOnExit();
        return new ChildProcess(process, line.substring(READY.length()));
    }

    /** What a child calls: says that it is ready and waits until its parent is gone. */
    static void serve(String address) throws IOException {
        System.out.println(READY + address);
        while (System.in.read() >= 0) {
            // whatever comes in means nothing; only its end does
        }
    }

    /** Where the child can be reached. */
    String address() {
        return address;
    }

    /** Whether it still runs. */
    boolean alive() {
        return process.isAlive();
    }

    /** Processor time used so far, seconds. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
