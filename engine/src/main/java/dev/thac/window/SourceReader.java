package dev.thac.window;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one partition of each source topic: says of every event what it brings to which group, and
 * whether it is late, and now and then how far time is. Lateness is judged here and nowhere else,
 * so that it follows from the order of the source partition alone.
 */
final class SourceReader implements Processor<byte[], byte[], byte[], Parcel> {

    /** How often it is said how far time is. */
    private static final Duration BEAT = Duration.ofMillis(100);

    private static final String LATE = "late";
    private static final String AHEAD = "ahead";

    private final Reading reading;
    private final String store;
    private final Map<String, Place> places = new HashMap<>();
    private final List<Meters.Count> late;
    private final List<Meters.Count> ahead;
    private @Nullable ProcessorContext<byte[], Parcel> context;
    private @Nullable KeyValueStore<byte[], byte[]> seen;

    /** What is known of a source partition. Owned by the task's thread. */
    private static final class Place {
        private final Signal.Origin origin;
        private final byte[] key;
        private long watermark;
        private long told = Long.MIN_VALUE;
        private long lastEvent;
        private boolean idle;
        private boolean toldIdle;

        Place(Signal.Origin origin, byte[] key, long watermark, long now) {
            this.origin = origin;
            this.key = key;
            this.watermark = watermark;
            this.lastEvent = now;
        }
    }

    /**
     * A reader of one task.
     *
     * @param reading what is read, and for which windows
     * @param store the name of the store that keeps how far time is
     */
    SourceReader(Reading reading, String store) {
        this.reading = reading;
        this.store = store;
        this.late = counts(reading, LATE);
        this.ahead = counts(reading, AHEAD);
    }

    private static List<Meters.Count> counts(Reading reading, String reason) {
        return reading.plans().stream()
                .map(
                        plan ->
                                reading.meters()
                                        .count(
                                                Metric.WINDOW_LATE,
                                                reading.pipeline(),
                                                plan.name(),
                                                reason))
                .toList();
    }

    @Override
    public void init(ProcessorContext<byte[], Parcel> opened) {
        context = opened;
        seen = opened.getStateStore(store);
        places.clear(); // a task that is taken up again begins with what was committed
        for (String topic : reading.topics()) {
            if (opened.taskId().partition() < reading.partitions().getOrDefault(topic, 1)) {
                place(topic, opened.taskId().partition());
            }
        }
        opened.schedule(BEAT, PunctuationType.WALL_CLOCK_TIME, this::beat);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.timestamp() < reading.notBefore()) {
            return;
        }
        RecordMetadata from = context().recordMetadata().orElseThrow();
        Delivery delivery = StreamRecords.delivery(record, from);
        switch (reading.front().read(delivery)) {
            case Front.Result.Taken(Event event, long time) -> take(record, delivery, event, time);
            case Front.Result.Ahead _ -> passOver(record, delivery);
            case Front.Result.Filtered _ -> {}
            case Front.Result.Refused(Failure failure) -> refuse(delivery, failure);
        }
    }

    private void take(Record<byte[], byte[]> record, Delivery delivery, Event event, long time) {
        Place place = place(delivery.id().topic(), delivery.id().partition());
        place.lastEvent = context().currentSystemTimeMs();
        place.idle = false;
        List<WindowPlan> plans = reading.plans();
        for (int i = 0; i < plans.size(); i++) {
            WindowPlan plan = plans.get(i);
            if (plan.frame().late(time, plan.grace(), place.watermark)) {
                late.get(i).add(1);
                outside(record, plan, delivery, LATE);
                continue;
            }
            Input input = new Input(time, delivery.id().offset(), plan.values(event));
            Signal signal = new Signal.Event(place.origin, place.watermark, input);
            context()
                    .forward(
                            new Record<>(
                                    plan.group(event),
                                    new Parcel.Inside(i, signal.write()),
                                    StreamRecords.safe(record.timestamp(), context())));
        }
        if (time > place.watermark) {
            place.watermark = time;
            seen().put(place.key, new PackedWriter().number(time).done());
        }
    }

    /** No window takes it, and time does not move on by it. */
    private void passOver(Record<byte[], byte[]> record, Delivery delivery) {
        for (int i = 0; i < reading.plans().size(); i++) {
            ahead.get(i).add(1);
            outside(record, reading.plans().get(i), delivery, AHEAD);
        }
    }

    private void outside(
            Record<byte[], byte[]> record, WindowPlan plan, Delivery delivery, String reason) {
        if (plan.late().isEmpty()) {
            return;
        }
        byte[] value = delivery.value();
        Place place = place(delivery.id().topic(), delivery.id().partition());
        Headers headers = new RecordHeaders(record.headers());
        headers.add("thac.source", utf8(delivery.id().toString()))
                .add("thac.pipeline", utf8(reading.pipeline()))
                .add("thac.window", utf8(plan.name()))
                .add("thac.reason", utf8(reason))
                .add("thac.watermark", utf8(Instant.ofEpochMilli(place.watermark).toString()));
        context()
                .forward(
                        new Record<>(
                                record.key(),
                                new Parcel.Outside(
                                        plan.late().get(), value == null ? new byte[0] : value),
                                record.timestamp(),
                                headers));
    }

    /** A pipeline with lanes has said so there. */
    private void refuse(Delivery delivery, Failure failure) {
        reading.meters()
                .count(
                        Metric.WINDOW_REFUSED,
                        reading.pipeline(),
                        failure.stage(),
                        failure.code().label())
                .add(1);
        if (reading.deadLetters().isPresent()) {
            SinkRecord letter =
                    reading.deadLetters()
                            .get()
                            .record(
                                    delivery,
                                    failure,
                                    Trail.NONE,
                                    Instant.ofEpochMilli(context().currentSystemTimeMs()));
            context().forward(StreamRecords.letter(letter));
        }
    }

    /** Says how far time is, where that has changed. */
    private void beat(long now) {
        for (Place place : places.values()) {
            place.idle = now - place.lastEvent >= reading.idleMillis();
            if (place.watermark != place.told || place.idle != place.toldIdle) {
                byte[] mark = new Signal.Mark(place.origin, place.watermark, place.idle).write();
                for (int i = 0; i < reading.plans().size(); i++) {
                    context().forward(new Record<>(new byte[0], new Parcel.Inside(i, mark), now));
                }
                place.told = place.watermark;
                place.toldIdle = place.idle;
            }
        }
    }

    private Place place(String topic, int partition) {
        Place known = places.get(topic);
        if (known == null) {
            byte[] key = utf8(topic);
            byte[] kept = seen().get(key);
            known =
                    new Place(
                            new Signal.Origin(reading.topics().indexOf(topic), partition),
                            key,
                            kept == null ? Signal.NOTHING : new PackedReader(kept).number(),
                            context().currentSystemTimeMs());
            places.put(topic, known);
        }
        return known;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ProcessorContext<byte[], Parcel> context() {
        return StreamRecords.present(context);
    }

    private KeyValueStore<byte[], byte[]> seen() {
        return StreamRecords.present(seen);
    }
}
