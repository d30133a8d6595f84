package dev.thac.runtime;

import dev.thac.enrich.EnrichSpec;
import dev.thac.enrich.TableLookup;
import dev.thac.window.GlobalTable;
import dev.thac.window.StreamsDelivery;
import dev.thac.window.StreamsRunner;
import dev.thac.window.StreamsSettings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The topics that a pipeline looks things up in, as tables in this process. They outlive the lanes:
 * open events still ask.
 */
final class Tabling implements Companion {

    private final String application;
    private final GlobalTable tables;

    private Tabling(String application, GlobalTable tables) {
        this.application = application;
        this.tables = tables;
    }

    /** Those of a pipeline; empty where it looks nothing up in topics. Nothing is connected to. */
    static Optional<Tabling> of(PipelineSpec spec, RuntimeSettings settings) {
        List<String> topics = topics(spec);
        if (topics.isEmpty()) {
            return Optional.empty();
        }
        String application = spec.pipeline() + ".tables";
        StreamsSettings streams =
                new StreamsSettings(
                        application,
                        settings.instance(),
                        settings.brokers(),
                        Preflight.kafka(spec, settings),
                        StreamsDelivery.EXACTLY_ONCE, // reads only what is committed
                        1,
                        0,
                        StreamsSettings.defaultStateDir(settings.instance()),
                        true);
        return Optional.of(new Tabling(application, new GlobalTable(topics, streams)));
    }

    /** The topics that are tables of a pipeline. */
    static List<String> topics(PipelineSpec spec) {
        return spec.enrich().values().stream()
                .map(EnrichSpec::table)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** The table of a topic. */
    TableLookup table(String topic) {
        return tables.table(topic);
    }

    @Override
    public String kind() {
        return "tables";
    }

    @Override
    public String name() {
        return "tables";
    }

    @Override
    public void start(Host host) {
        Companion self = this;
        tables.start(
                new StreamsRunner.Watcher() {
                    @Override
                    public void trouble(String what, Exception cause) {
                        host.trouble(what, cause);
                    }

                    @Override
                    public void ended(Throwable cause) {
                        host.failed(self, cause);
                    }
                });
    }

    @Override
    public CompanionStatus status() {
        return new CompanionStatus(
                kind(),
                name(),
                application,
                tables.ready() ? "running" : "restoring",
                tables.found(),
                0,
                Map.of("restarts", tables.restarts()),
                tables.lastError());
    }

    @Override
    public void stop(Duration drain) {
        // ended with the lookups, when no event is open any more
    }

    /** Ends the tables. */
    void close() {
        try {
            tables.stop(Duration.ZERO);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
