package dev.thac.app.explain;

import dev.thac.app.model.ModelSetup;
import dev.thac.app.trial.OutcomeTree;
import dev.thac.cascade.Answers;
import dev.thac.enrich.LookupSources;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.JsonTree;
import dev.thac.event.RecordId;
import dev.thac.meter.Meters;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.recover.RetryRecords;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The stages of a pipeline that need nobody else: no model and no lookup is ever asked. */
public final class FreeStages {

    /** Never called: deciding asks nobody. */
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    private final Pipeline pipeline;
    private final boolean relayed;
    private final boolean looksUp;

    private FreeStages(Pipeline pipeline, boolean relayed, boolean looksUp) {
        this.pipeline = pipeline;
        this.relayed = relayed;
        this.looksUp = looksUp;
    }

    /**
     * Those of a pipeline file.
     *
     * @param file the file
     * @return its free stages
     */
    public static FreeStages of(Loaded file) {
        FlowSpec flow = file.flow();
        Meters meters = new Meters();
        ModelSetup models = ModelSetup.simulating(flow.models(), Map.of(), _ -> true, NOWHERE);
        return new FreeStages(
                Pipeline.of(
                        flow,
                        Pipeline.around(
                                flow,
                                models.open(meters)::get,
                                Answers.NONE,
                                meters,
                                Ticker.system()),
                        LookupSources.UNASKED),
                flow.context().isPresent(),
                !flow.enrich().isEmpty());
    }

    /**
     * Knows an event by what the file's {@code id} names it.
     *
     * @param name the name
     * @return true for its record
     */
    public Predicate<ConsumerRecord<byte[], byte[]>> named(String name) {
        return record -> pipeline.name(delivery(record)).equals(name);
    }

    /**
     * What they make of an event.
     *
     * @param record the event
     * @return a JSON tree
     */
    public Map<String, @Nullable Object> judge(ConsumerRecord<byte[], byte[]> record) {
        Delivery delivery = delivery(record);
        return switch (pipeline.decide(delivery)) {
            case Pipeline.Decision.Settled settled ->
                    OutcomeTree.of(delivery, settled.outcome(), true);
            case Pipeline.Decision.Open _ -> {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("event", delivery.id().toString());
                tree.put("outcome", "left to a model or a lookup");
                yield tree;
            }
        };
    }

    /**
     * What models are given of an event, by this file. What was looked up for it is taken from its
     * outputs, where it stands as it was then; nobody is asked.
     *
     * @param record the event, as the lanes read it
     * @param outputs what was written for it
     * @return by analysis: the text, without what `redact` takes out; empty where things would have
     *     to be looked up that no output tells
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Map<String, String> inputs(
            ConsumerRecord<byte[], byte[]> record, List<ConsumerRecord<byte[], byte[]>> outputs)
            throws InterruptedException {
        Delivery delivery = delivery(record);
        for (ConsumerRecord<byte[], byte[]> output : outputs) {
            Optional<Object> value = value(output);
            if (value.isPresent()) {
                return pipeline.inputsOf(new Event(delivery, value.get()));
            }
        }
        return looksUp ? Map.of() : pipeline.inputs(delivery);
    }

    /** The event's own members of an output; empty where it holds the analysis alone. */
    private static Optional<Object> value(ConsumerRecord<byte[], byte[]> output) {
        try {
            byte[] json = output.value();
            if (json != null && JsonTree.read(json) instanceof Map<?, ?> whole) {
                Map<Object, Object> own = new LinkedHashMap<>(whole);
                return own.remove("analysis") == null || own.isEmpty()
                        ? Optional.empty()
                        : Optional.of(own);
            }
        } catch (IllegalArgumentException _) {
            // an output that is no JSON tells nothing
            return Optional.empty();
        }
        return Optional.empty();
    }

    /**
     * The coordinates of a record.
     *
     * @param record the record
     * @return topic, partition and offset
     */
    public static RecordId id(ConsumerRecord<byte[], byte[]> record) {
        return new RecordId(record.topic(), record.partition(), record.offset());
    }

    private Delivery delivery(ConsumerRecord<byte[], byte[]> record) {
        Delivery own =
                new Delivery(
                        id(record),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        Arrays.stream(record.headers().toArray())
                                .map(header -> new Header(header.key(), header.value()))
                                .toList());
        return relayed ? RetryRecords.returned(own).orElse(own) : own;
    }
}
