package dev.thac.runtime;

import dev.thac.event.ThacException;
import dev.thac.window.StreamsApplication;
import dev.thac.window.StreamsStatus;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What of a pipeline runs on Kafka Streams beside its lanes: its windows, its joins, its history,
 * or the tables it looks things up in. Thread-safe.
 */
final class Streaming implements Companion {

    private final Part part;
    private final Object lock = new Object();
    private volatile @Nullable StreamsApplication application;
    private boolean stopped;

    /** Makes what is run; may ask the brokers. */
    interface Making {
        StreamsApplication make() throws InterruptedException;
    }

    /**
     * What is run.
     *
     * @param kind windows, joins, context or tables
     * @param name its name
     * @param application the application id
     * @param lasting whether it outlives the lanes and is ended by somebody else
     * @param read records it is done with
     * @param making makes it
     */
    record Part(
            String kind,
            String name,
            String application,
            boolean lasting,
            LongSupplier read,
            Making making) {}

    /** One that is not started yet. */
    Streaming(Part part) {
        this.part = part;
    }

    @Override
    public String kind() {
        return part.kind();
    }

    @Override
    public String name() {
        return part.name();
    }

    @Override
    public void start(Host host) {
        Thread.ofVirtual()
                .name("thac-start-" + part.application())
                .start(
                        () -> {
                            try {
                                begin(host);
                            } catch (ThacException e) {
                                host.failed(this, e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                host.failed(this, e);
                            }
                        });
    }

    private void begin(Host host) throws InterruptedException {
        StreamsApplication fresh = part.making().make();
        synchronized (lock) {
            if (stopped) {
                return;
            }
            application = fresh;
            fresh.start(
                    new StreamsApplication.Watcher() {
                        @Override
                        public void trouble(String what, Exception cause) {
                            host.trouble(part.kind() + ": " + what, cause);
                        }

                        @Override
                        public void ended(Throwable cause) {
                            host.failed(Streaming.this, cause);
                        }
                    });
        }
    }

    @Override
    public CompanionStatus status() {
        StreamsApplication running = application;
        if (running == null) {
            return status("starting", -1, Map.of(), Optional.empty());
        }
        StreamsStatus status = running.status();
        boolean restoring = status.restoring() > 0;
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("tasks", (long) status.tasks());
        figures.put("standbys", (long) status.standbys());
        figures.put("standby-behind", status.standbyBehind());
        figures.put("restored", status.restored());
        figures.put("restarts", (long) status.restarts());
        boolean runs = status.state() == StreamsStatus.State.RUNNING && !restoring;
        return status(
                restoring ? "restoring" : status.state().name().toLowerCase(Locale.ROOT),
                runs ? status.lagRecords() : -1,
                figures,
                restoring
                        ? Optional.of(
                                "reading back %d of %d records of %d stores"
                                        .formatted(
                                                status.restored(),
                                                status.toRestore(),
                                                status.restoring()))
                        : status.lastError());
    }

    private CompanionStatus status(
            String state, long lag, Map<String, Long> figures, Optional<String> note) {
        return new CompanionStatus(
                kind(),
                name(),
                part.application(),
                state,
                part.read().getAsLong(),
                lag,
                figures,
                note);
    }

    @Override
    public void stop(Duration drain) throws InterruptedException {
        if (part.lasting()) {
            return;
        }
        StreamsApplication running;
        synchronized (lock) {
            stopped = true;
            running = application;
        }
        if (running != null) {
            running.stop(drain);
        }
    }
}
