package dev.thac.runtime;

import dev.thac.database.DatabaseSpec;
import dev.thac.database.Databases;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.kafka.ClientSettings;
import dev.thac.kafka.DeliveryMode;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.sink.JdbcSinkSpec;
import dev.thac.sink.Sink;
import dev.thac.sink.SinkSettings;
import dev.thac.sink.SinkSpec;
import dev.thac.sink.SinkStatus;
import dev.thac.sink.Sinks;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A sink of a pipeline, as a companion of its lanes. */
final class Sinking implements Companion {

    private static final String KIND = "sink";

    private final SinkSettings settings;
    private final Databases databases;
    private final Sink sink;
    private final Supplier<Finding> look;
    private volatile Optional<Host> host = Optional.empty();

    private Sinking(
            SinkSettings settings,
            SinkSpec spec,
            Databases databases,
            Sinks sinks,
            Supplier<Finding> look,
            Meters meters) {
        this.settings = settings;
        this.databases = databases;
        this.look = look;
        this.sink = sinks.make(settings, spec, meters, this::trouble);
    }

    /**
     * The sinks of a pipeline; nothing is connected to.
     *
     * @return one for each in the file
     * @throws ThacException BAD_SPEC when a secret is not there
     */
    static List<Companion> of(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters,
            Ticker ticker) {
        List<Companion> sinks = new ArrayList<>();
        for (SinkSpec each : spec.sinks()) {
            Databases databases = databases(each, project, settings);
            sinks.add(
                    new Sinking(
                            settings(each, spec, settings),
                            each,
                            databases,
                            sinks(each, databases::connection, settings, ticker),
                            () -> look(each, project, settings, ticker),
                            meters));
        }
        return sinks;
    }

    /**
     * Looks at the targets of a pipeline's sinks.
     *
     * @return a finding for each
     */
    static List<Finding> look(
            PipelineSpec spec, ProjectSpec project, RuntimeSettings settings, Ticker ticker) {
        List<Finding> findings = new ArrayList<>();
        spec.sinks().forEach(each -> findings.add(look(each, project, settings, ticker)));
        return findings;
    }

    private static Finding look(
            SinkSpec spec, ProjectSpec project, RuntimeSettings settings, Ticker ticker) {
        try (Databases databases = databases(spec, project, settings)) {
            return sinks(spec, databases::fresh, settings, ticker).look(spec);
        } catch (ThacException e) {
            return Finding.fail(
                    e.code(), "sink " + spec.label(), String.valueOf(e.getMessage()), "");
        }
    }

    private static Sinks sinks(
            SinkSpec spec,
            Function<String, Connection> databases,
            RuntimeSettings settings,
            Ticker ticker) {
        String database = spec.jdbc().map(JdbcSinkSpec::database).orElse("");
        return new Sinks(() -> databases.apply(database), settings.secrets(), ticker);
    }

    /** A sink uses one connection at a time. */
    private static Databases databases(
            SinkSpec spec, ProjectSpec project, RuntimeSettings settings) {
        Map<String, DatabaseSpec> mine = new LinkedHashMap<>();
        spec.jdbc()
                .map(JdbcSinkSpec::database)
                .ifPresent(
                        name -> {
                            DatabaseSpec declared = project.databases().get(name);
                            if (declared != null) {
                                mine.put(
                                        name,
                                        new DatabaseSpec(
                                                declared.url(),
                                                declared.user(),
                                                declared.password(),
                                                1));
                            }
                        });
        return new Databases(mine, settings.secrets());
    }

    private static SinkSettings settings(
            SinkSpec each, PipelineSpec spec, RuntimeSettings settings) {
        String group = SinkSettings.group(spec.pipeline(), each.label());
        String member = group + "-" + settings.instance();
        Map<String, String> kafka = Preflight.kafka(spec, settings);
        return new SinkSettings(
                spec.pipeline(),
                each.label(),
                each.from(),
                new PipelineTopics(spec).deadLetters(),
                ClientSettings.member(settings.brokers(), kafka, group, member),
                spec.delivery() == DeliveryMode.EXACTLY_ONCE
                        ? ClientSettings.transactionalWriter(settings.brokers(), kafka, member)
                        : ClientSettings.writer(settings.brokers(), kafka, "thac-" + member));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public List<Finding> look() {
        return List.of(look.get());
    }

    @Override
    public void start(Host told) {
        host = Optional.of(told);
        sink.start();
    }

    private void trouble(String what, Optional<Exception> cause) {
        Exception why = cause.orElseGet(() -> new IllegalStateException(what));
        host.ifPresent(each -> each.trouble("sink " + settings.name(), why));
    }

    @Override
    public CompanionStatus status() {
        SinkStatus status = sink.status();
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("written", status.written());
        figures.put("dead-lettered", status.refused());
        figures.put("batches", status.batches());
        figures.put("retries", status.retries());
        figures.put("partitions", (long) status.partitions());
        figures.put("lagSeconds", status.lag().toSeconds());
        return new CompanionStatus(
                KIND,
                settings.name(),
                SinkSettings.group(settings.pipeline(), settings.name()),
                status.state(),
                status.written() + status.refused(),
                status.lagRecords(),
                figures,
                status.trouble());
    }

    @Override
    public void stop(Duration drain) throws InterruptedException {
        try {
            sink.stop(drain);
        } finally {
            databases.close();
        }
    }
}
