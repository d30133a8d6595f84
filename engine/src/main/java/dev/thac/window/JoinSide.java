package dev.thac.window;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Trail;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.Formula;
import dev.thac.meter.Metric;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Reads one side of a join: the record's key becomes what it is joined by, its value the event's
 * JSON, its timestamp the event time. A record that has nothing to be joined by keeps a null key.
 */
final class JoinSide implements Processor<byte[], byte[], byte[], Parcel> {

    private final Reading reading;
    private final Formula by;
    private @Nullable ProcessorContext<byte[], Parcel> context;

    /**
     * A reader of one task.
     *
     * @param reading what is read
     * @param by what it is joined by
     */
    JoinSide(Reading reading, Formula by) {
        this.reading = reading;
        this.by = by;
    }

    @Override
    public void init(ProcessorContext<byte[], Parcel> opened) {
        context = opened;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.timestamp() < reading.notBefore()) {
            return;
        }
        ProcessorContext<byte[], Parcel> out = StreamRecords.present(context);
        Delivery delivery = StreamRecords.delivery(record, out.recordMetadata().orElseThrow());
        switch (reading.front().read(delivery)) {
            case Front.Result.Taken(Event event, long time) -> {
                Object value = event.value();
                byte[] json =
                        value == null
                                ? "null".getBytes(StandardCharsets.UTF_8)
                                : Measure.json(value);
                out.forward(
                        new Record<>(key(event), new Parcel.Inside(0, json), Math.max(0, time)));
            }
            case Front.Result.Filtered _ -> {}
            case Front.Result.Ahead(Failure failure) -> refuse(out, delivery, failure);
            case Front.Result.Refused(Failure failure) -> refuse(out, delivery, failure);
        }
    }

    private void refuse(ProcessorContext<byte[], Parcel> out, Delivery delivery, Failure failure) {
        reading.meters()
                .count(
                        Metric.WINDOW_REFUSED,
                        reading.pipeline(),
                        failure.stage(),
                        failure.code().label())
                .add(1);
        Instant now = Instant.ofEpochMilli(out.currentSystemTimeMs());
        reading.deadLetters()
                .map(letters -> letters.record(delivery, failure, Trail.NONE, now))
                .ifPresent(letter -> out.forward(StreamRecords.letter(letter)));
    }

    private byte @Nullable [] key(Event event) {
        try {
            Object key = by.apply(event);
            return key == null ? null : Measure.text(key).getBytes(StandardCharsets.UTF_8);
        } catch (EvaluationException _) {
            return null; // nothing to be joined by
        }
    }
}
