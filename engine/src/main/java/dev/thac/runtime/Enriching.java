package dev.thac.runtime;

import dev.thac.enrich.LiveLookups;
import dev.thac.enrich.LookupChecks;
import dev.thac.enrich.LookupException;
import dev.thac.enrich.LookupSources;
import dev.thac.enrich.LookupWatch;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.window.GlobalTable;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lookups of a running pipeline: where they are asked, and how each is. An outage shows in the
 * status and as trouble of the pipeline; the events wait meanwhile. Thread-safe.
 */
final class Enriching {

    private static final List<String> RESULTS = List.of("hit", "miss", "missing", "error");

    private final List<Watched> lookups = new ArrayList<>();
    private final LiveLookups sources;
    private final @Nullable GlobalTable tables;

    private Enriching(
            PipelineSpec spec, ProjectSpec project, RuntimeSettings settings, Meters meters) {
        Map<String, Watched> byName = new LinkedHashMap<>();
        spec.enrich()
                .keySet()
                .forEach(name -> byName.put(name, new Watched(spec.pipeline(), name, meters)));
        lookups.addAll(byName.values());
        GlobalTable global = Topologies.tables(spec, settings).orElse(null);
        tables = global;
        sources =
                new LiveLookups(
                        project.databases(),
                        settings.secrets(),
                        topic -> {
                            if (global == null) {
                                throw new IllegalStateException("no table of " + topic);
                            }
                            return global.table(topic);
                        },
                        new LookupWatch() {
                            @Override
                            public void trouble(String lookup, LookupException cause) {
                                Optional.ofNullable(byName.get(lookup))
                                        .ifPresent(watched -> watched.trouble(cause));
                            }

                            @Override
                            public void answers(String lookup) {
                                Optional.ofNullable(byName.get(lookup)).ifPresent(Watched::answers);
                            }
                        });
    }

    /**
     * The lookups of a pipeline. A database that is down is waited for, like later; a query that
     * can never work keeps the pipeline from starting.
     *
     * @throws ThacException when a database refuses us or a query
     */
    static Enriching of(
            PipelineSpec spec, ProjectSpec project, RuntimeSettings settings, Meters meters) {
        for (Finding finding :
                LookupChecks.of(spec.enrich(), project.databases(), settings.secrets())) {
            if (finding.code().filter(code -> !code.retryable()).isPresent()) {
                throw new ThacException(
                        finding.code().get(),
                        finding.subject() + ": " + finding.message() + "\n  " + finding.fix());
            }
        }
        return new Enriching(spec, project, settings, meters);
    }

    /** Where they are asked. */
    LookupSources sources() {
        return sources;
    }

    /** One for each lookup, which only shows how it is. */
    List<Companion> companions() {
        List<Companion> all = new ArrayList<>(lookups);
        GlobalTable global = tables;
        if (global != null) {
            all.add(
                    new Streaming(
                            new Streaming.Part(
                                    "tables",
                                    "tables",
                                    global.application(),
                                    true, // open events still ask
                                    global::found,
                                    () -> global)));
        }
        return all;
    }

    /** Closes the connections; no event is open any more. */
    void close() {
        sources.close();
        if (tables != null) {
            try {
                tables.stop(Duration.ZERO);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How one lookup is. */
    private static final class Watched implements Companion {
        private final String pipeline;
        private final String name;
        private final Meters meters;
        private volatile @Nullable Host host;
        private volatile @Nullable LookupException trouble;

        Watched(String pipeline, String name, Meters meters) {
            this.pipeline = pipeline;
            this.name = name;
            this.meters = meters;
        }

        void trouble(LookupException cause) {
            boolean first = trouble == null;
            trouble = cause;
            Host told = host;
            if (first && told != null) {
                told.trouble("lookup " + name + " is waited for", cause);
            }
        }

        void answers() {
            trouble = null;
        }

        @Override
        public String kind() {
            return "lookup";
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start(Host told) {
            host = told;
        }

        @Override
        public CompanionStatus status() {
            LookupException waiting = trouble;
            Map<String, Long> figures = new LinkedHashMap<>();
            long all = 0;
            for (String result : RESULTS) {
                long many = (long) meters.value(Metric.LOOKUPS, pipeline, name, result);
                figures.put(result, many);
                all += many;
            }
            return new CompanionStatus(
                    kind(),
                    name,
                    "",
                    waiting == null ? "running" : "held",
                    all,
                    0,
                    figures,
                    Optional.ofNullable(waiting).map(LookupException::getMessage));
        }

        /** What it looks up in outlives it: open events still ask. */
        @Override
        public void stop(Duration drain) {
            host = null;
        }
    }
}
