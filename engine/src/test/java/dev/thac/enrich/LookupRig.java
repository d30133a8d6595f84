package dev.thac.enrich;

import dev.thac.event.Delivery;
import dev.thac.event.JsonTree;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.meter.Meters;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.spec.Secrets;
import dev.thac.testkit.database.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A pipeline with lookups and without Kafka. */
final class LookupRig implements AutoCloseable {

    final Meters meters = new Meters();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    private final AtomicLong offset = new AtomicLong();
    private final LiveLookups lookups;
    private final Pipeline pipeline;

    LookupRig(Path folder, EmbeddedPostgres postgres, String enrich, Ticker ticker) {
        this(folder, postgres.jdbcUrl(), enrich, ticker);
    }

    LookupRig(Path folder, String jdbcUrl, String enrich, Ticker ticker) {
        Loaded loaded = load(folder, jdbcUrl, enrich);
        FlowSpec flow = loaded.flow();
        lookups =
                new LiveLookups(
                        loaded.project().databases(),
                        new Secrets(Map.of("SHOP_PASSWORD", "thac"), folder),
                        topic -> {
                            throw new IllegalStateException(topic);
                        },
                        (lookup, cause) -> troubles.add(lookup + ": " + cause.getMessage()));
        pipeline =
                Pipeline.of(
                        flow,
                        Pipeline.around(
                                flow,
                                name -> {
                                    throw new IllegalStateException(name);
                                },
                                dev.thac.cascade.Answers.NONE,
                                meters,
                                ticker),
                        lookups);
    }

    static Loaded load(Path folder, String jdbcUrl, String enrich) {
        try {
            Files.writeString(
                    folder.resolve("thac.yaml"),
                    """
                    databases:
                      shop: { url: "%s", user: thac, password: "${env:SHOP_PASSWORD}", pool: 4 }
                    """
                            .formatted(jdbcUrl));
            Path file =
                    Files.writeString(
                            folder.resolve("pipeline.yaml"),
                            """
                            pipeline: p
                            source: { topic: in, group: g, start: earliest }
                            enrich:
                            %s
                            routes: [ { to: out } ]
                            """
                                    .formatted(enrich.indent(2)));
            return PipelineFiles.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Delivery delivery(String value) {
        return new Delivery(
                new RecordId("in", 0, offset.getAndIncrement()),
                1000,
                null,
                value.getBytes(StandardCharsets.UTF_8),
                List.of());
    }

    Outcome process(String value) throws InterruptedException {
        return pipeline.process(delivery(value));
    }

    /** The value that is written for an event. */
    String routed(String value) throws InterruptedException {
        return written(process(value));
    }

    static String written(Outcome outcome) {
        if (outcome instanceof Outcome.Routed routed) {
            return new String(
                    Objects.requireNonNull(routed.records().getFirst().value()),
                    StandardCharsets.UTF_8);
        }
        throw new AssertionError(outcome.toString());
    }

    static Object member(String json, String name) {
        return ((Map<?, ?>) JsonTree.read(json.getBytes(StandardCharsets.UTF_8))).get(name);
    }

    @Override
    public void close() {
        pipeline.close();
        lookups.close();
    }
}
