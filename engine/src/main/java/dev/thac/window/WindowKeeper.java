package dev.thac.window;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.JsonWriter;
import dev.thac.event.RecordId;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the windows of one declaration for the groups of one partition.
 *
 * <p>One store holds it all, told apart by the first byte of the key: groups with their open
 * windows; an index of what closes when; how far time is in every source partition; and how far
 * changes were written. A change that a commit takes in and that was not written yet is found by
 * its number after a restart, and written then.
 */
final class WindowKeeper implements Processor<byte[], byte[], byte[], Parcel> {

    /** How often changes are written. */
    private static final Duration BEAT = Duration.ofMillis(100);

    private static final byte GROUP = 0;
    private static final byte INDEX = 1;
    private static final byte MARK = 2;
    private static final byte PROGRESS = 4; // 3 ends the range of marks
    private static final byte[] PROGRESS_KEY = {PROGRESS};
    private static final byte[] EMPTY = {};
    private static final int INDEX_PREFIX = 1 + Long.BYTES;

    private final WindowPlan plan;
    private final String store;
    private final int places;
    private final Set<ByteBuffer> changed = new LinkedHashSet<>();
    private final Meters.Count written;
    private final Meters.Count lost;
    private @Nullable ProcessorContext<byte[], Parcel> context;
    private @Nullable KeyValueStore<byte[], byte[]> state;
    private Watermarks watermarks;
    private long reached = Signal.NOTHING;
    private long sequence;
    private long told;

    /**
     * A keeper of one task.
     *
     * @param plan the window
     * @param store the name of its store
     * @param reading what its events come from
     */
    WindowKeeper(WindowPlan plan, String store, Reading reading) {
        this.plan = plan;
        this.store = store;
        this.places = reading.places();
        this.watermarks = new Watermarks(places);
        this.written =
                reading.meters().count(Metric.WINDOW_RESULTS, reading.pipeline(), plan.name());
        this.lost =
                reading.meters().count(Metric.WINDOW_LATE, reading.pipeline(), plan.name(), "idle");
    }

    @Override
    public void init(ProcessorContext<byte[], Parcel> opened) {
        context = opened;
        state = opened.getStateStore(store);
        forget();
        byte[] progress = state().get(PROGRESS_KEY);
        if (progress != null) {
            PackedReader in = new PackedReader(progress);
            told = in.number();
            reached = in.number();
            watermarks.reached(reached);
        }
        sequence = told;
        try (KeyValueIterator<byte[], byte[]> marks = all(MARK)) {
            while (marks.hasNext()) {
                if (Signal.read(marks.next().value, 0) instanceof Signal.Mark mark) {
                    watermarks.take(mark);
                }
            }
        }
        if (batched()) {
            findChanged();
            opened.schedule(BEAT, PunctuationType.WALL_CLOCK_TIME, _ -> tellChanged());
        }
    }

    /** A task that is taken up again begins with what was committed. */
    private void forget() {
        changed.clear();
        watermarks = new Watermarks(places);
        reached = Signal.NOTHING;
        told = 0;
    }

    private boolean batched() {
        return plan.emit() == WindowEmit.UPDATES && !plan.atOnce();
    }

    /** What a commit took in before it was written. */
    private void findChanged() {
        try (KeyValueIterator<byte[], byte[]> groups = all(GROUP)) {
            while (groups.hasNext()) {
                KeyValue<byte[], byte[]> entry = groups.next();
                long latest = Group.read(plan, entry.value).changed();
                sequence = Math.max(sequence, latest);
                if (latest > told) {
                    changed.add(ByteBuffer.wrap(entry.key));
                }
            }
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (Signal.read(record.value(), plan.measures().size())) {
            case Signal.Event event -> add(record.key(), event);
            case Signal.Mark mark -> take(mark);
        }
    }

    private void add(byte[] name, Signal.Event event) {
        watermarks.awake(event.origin());
        byte[] key = key(GROUP, name);
        Group group = Group.read(plan, state().get(key));
        sequence++;
        int taken = group.add(event.input(), event.watermark(), reached, sequence, teller(name));
        if (taken == 0) {
            lost.add(1); // its windows were closed without its partition, which was idle
            return;
        }
        save(key, name, group);
        if (batched()) {
            changed.add(ByteBuffer.wrap(key));
        }
    }

    private void take(Signal.Mark mark) {
        watermarks.take(mark);
        PackedWriter name = new PackedWriter();
        mark.origin().write(name.put(MARK));
        state().put(name.done(), mark.write());
        long now = watermarks.reached();
        if (now > reached) {
            reached = now;
            closeDue();
            saveProgress();
        }
    }

    /** Closes what is due, in the order of time. */
    private void closeDue() {
        List<byte[]> due = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> index =
                state().range(indexKey(0, EMPTY), indexKey(reached + 1, EMPTY))) {
            while (index.hasNext()) {
                byte[] key = index.next().key;
                if (new PackedReader(key, 1).fixed() <= reached) {
                    due.add(key);
                }
            }
        }
        for (byte[] entry : due) {
            state().delete(entry);
            byte[] name = Arrays.copyOfRange(entry, INDEX_PREFIX, entry.length);
            byte[] key = key(GROUP, name);
            Group group = Group.read(plan, state().get(key));
            group.index(Group.NEVER);
            group.close(reached, told, teller(name));
            if (group.isEmpty()) {
                changed.remove(ByteBuffer.wrap(key));
                state().delete(key);
            } else {
                save(key, name, group);
            }
        }
    }

    private void save(byte[] key, byte[] name, Group group) {
        long next = group.nextClose();
        if (next < group.indexed()) {
            if (group.indexed() != Group.NEVER) {
                state().delete(indexKey(group.indexed(), name));
            }
            group.index(next);
            state().put(indexKey(next, name), EMPTY);
        }
        state().put(key, group.write());
    }

    @SuppressWarnings("ByteBufferBackingArray") // they wrap whole keys, to be compared by content
    private void tellChanged() {
        if (changed.isEmpty()) {
            return;
        }
        for (ByteBuffer key : changed) {
            byte[] name = Arrays.copyOfRange(key.array(), 1, key.array().length);
            Group.read(plan, state().get(key.array())).tellChanged(told, teller(name));
        }
        changed.clear();
        told = sequence;
        saveProgress();
    }

    private void saveProgress() {
        state().put(PROGRESS_KEY, new PackedWriter().number(told).number(reached).done());
    }

    private Group.Teller teller(byte[] name) {
        return new Group.Teller() {
            @Override
            public boolean tell(long start, long end, Figure[] figures) {
                Map<String, @Nullable Object> output = plan.output(name, start, end);
                plan.figures(output, figures);
                byte[] key = plan.key(name, output);
                Event window = plan.conditional() ? window(key, output, start) : null;
                if (window != null && !plan.shown(window)) {
                    return false;
                }
                forward(key, output);
                return window != null && plan.restarts(window);
            }

            @Override
            public void retract(long start, long end) {
                Map<String, @Nullable Object> output = plan.output(name, start, end);
                byte[] key = plan.key(name, output);
                output.put("retracted", true);
                forward(key, output);
            }
        };
    }

    /** The window as its conditions see it: an event whose value is the output. */
    private static Event window(byte[] key, Map<String, @Nullable Object> output, long start) {
        return new Event(
                new Delivery(new RecordId("window", 0, 0), start, key, null, List.of()), output);
    }

    /** With the time of writing: brokers delete by it, and events may be older than they keep. */
    private void forward(byte[] key, Map<String, @Nullable Object> output) {
        byte[] value = new JsonWriter().value(output).bytes();
        written.add(1);
        context()
                .forward(
                        new Record<>(
                                key,
                                new Parcel.Outside(plan.to(), value),
                                context().currentSystemTimeMs()));
    }

    private KeyValueIterator<byte[], byte[]> all(byte kind) {
        return state().range(new byte[] {kind}, new byte[] {(byte) (kind + 1)});
    }

    private static byte[] key(byte kind, byte[] name) {
        return new PackedWriter().put(kind).raw(name).done();
    }

    private static byte[] indexKey(long watermark, byte[] name) {
        return new PackedWriter().put(INDEX).fixed(watermark).raw(name).done();
    }

    private ProcessorContext<byte[], Parcel> context() {
        return StreamRecords.present(context);
    }

    private KeyValueStore<byte[], byte[]> state() {
        return StreamRecords.present(state);
    }
}
