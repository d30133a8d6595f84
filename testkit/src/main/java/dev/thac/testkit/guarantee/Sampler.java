package dev.thac.testkit.guarantee;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes figures of a running program again and again until it is closed. Thread-safe. */
public final class Sampler implements AutoCloseable {

    private final Probe probe;
    private final Duration interval;
    private final List<Evidence.Sample> samples = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private int failures;
    private @Nullable IOException lastFailure;

    /** Where figures come from. */
    public interface Probe {

        /**
         * The figures of this moment by name.
         *
         * @throws IOException when the program cannot be asked now, for instance while it is down
         */
        Map<String, Long> figures() throws IOException;
    }

    private Sampler(Probe probe, Duration interval) {
        this.probe = probe;
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("sampler").start(this::run);
    }

    /**
     * Begins to sample.
     *
     * @param probe called on a thread of the sampler's own
     * @param interval the pause between two samples
     */
    public static Sampler every(Duration interval, Probe probe) {
        return new Sampler(probe, interval);
    }

    /**
     * The figures of a page of metrics in Prometheus' text format: for each name the sum over its
     * labels.
     *
     * @param page such as {@code http://localhost:8086/metrics}
     */
    public static Probe metrics(URI page) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(5)).build();
        return () -> {
            try {
                return parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        };
    }

    /** The samples so far, oldest first. */
    public synchronized List<Evidence.Sample> samples() {
        return List.copyOf(samples);
    }

    /** How often the program could not be asked. */
    public synchronized int failures() {
        return failures;
    }

    /** Why it could not be asked the last time; null when it always could. */
    public synchronized @Nullable IOException lastFailure() {
        return lastFailure;
    }

    /** Ends the sampling; what was sampled stays. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    static Map<String, Long> parse(String page) {
        Map<String, Long> figures = new HashMap<>();
        for (String line : page.lines().toList()) {
            int space = line.lastIndexOf(' ');
            if (line.startsWith("#") || space < 0) {
                continue;
            }
            int labels = line.indexOf('{');
            String name = line.substring(0, labels < 0 ? space : labels);
            double value = Double.parseDouble(line.substring(space + 1));
            figures.merge(name, Math.round(value), Long::sum);
        }
        return figures;
    }

    private void run() {
        try {
            do {
                sample();
            } while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample() {
        try {
            Map<String, Long> figures = probe.figures();
            synchronized (this) {
                samples.add(new Evidence.Sample(Instant.now(), figures));
            }
        } catch (IOException e) {
            synchronized (this) {
                failures++;
                lastFailure = e;
            }
        }
    }
}
