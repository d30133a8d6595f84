package dev.thac.sink;

import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.JsonText;
import dev.thac.recover.SinkLetters;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Appends JSON lines to files of a folder: one run of files for each partition, so that the order
 * of the lines is that of the records. A batch is forced to the disk before its offsets are
 * committed, and the commit says how long the file then was: what stands behind that after a crash
 * is cut off before anything is appended.
 */
final class FileTarget implements Target {

    private static final int BATCH = 5_000;

    private final Path folder;
    private final long roll;
    private final Decoder json = Decoders.of(Format.JSON);
    private final Map<TopicPartition, PartitionFile> files = new HashMap<>();

    /**
     * A target.
     *
     * @param folder where files are made
     * @param roll a new file is begun when one has so many bytes
     */
    FileTarget(Path folder, long roll) {
        this.folder = folder;
        this.roll = roll;
    }

    @Override
    public int batchSize() {
        return BATCH;
    }

    @Override
    public synchronized String assigned(TopicPartition place, long position, String note) {
        PartitionFile file =
                new PartitionFile(
                        folder,
                        place.topic() + "-" + place.partition(),
                        roll,
                        FileNote.parse(note),
                        position);
        files.put(place, file);
        return file.note().toString();
    }

    @Override
    public synchronized void released(TopicPartition place) {
        PartitionFile file = files.remove(place);
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void write(List<Polled> open, Batch batch) throws UnavailableException {
        Map<TopicPartition, List<Polled>> byPlace = new LinkedHashMap<>();
        for (Polled each : open) {
            byPlace.computeIfAbsent(each.place(), _ -> new ArrayList<>()).add(each);
        }
        for (Map.Entry<TopicPartition, List<Polled>> each : byPlace.entrySet()) {
            PartitionFile file = file(each.getKey());
            List<Polled> taken = new ArrayList<>();
            List<PartitionFile.Line> lines = new ArrayList<>();
            for (Polled record : each.getValue()) {
                byte[] line = line(record, batch);
                if (line != null) {
                    taken.add(record);
                    lines.add(new PartitionFile.Line(record.offset(), line));
                }
            }
            try {
                batch.done(each.getKey(), taken, file.append(lines).toString());
            } catch (IOException e) {
                throw new UnavailableException(
                        folder + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private synchronized PartitionFile file(TopicPartition place) {
        PartitionFile file = files.get(place);
        if (file == null) {
            throw new IllegalStateException(place + " is not assigned");
        }
        return file;
    }

    /** The value as one line with its end; null where it is refused. */
    private byte @Nullable [] line(Polled record, Batch batch) {
        Delivery delivery = record.delivery();
        return switch (json.decode(delivery)) {
            case Decoder.Result.Undecodable(Failure failure) -> {
                batch.refused(
                        record, new Failure(failure.code(), SinkLetters.STAGE, failure.message()));
                yield null;
            }
            case Decoder.Result.Decoded(Event event) -> line(delivery.value(), event);
        };
    }

    /** As it came, digit for digit, unless that takes more than one line. */
    private static byte[] line(byte @Nullable [] value, Event event) {
        boolean several = false;
        byte[] bytes = value == null ? new byte[0] : value;
        for (byte each : bytes) {
            several |= each == '\n' || each == '\r';
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(bytes.length + 1);
        line.writeBytes(several ? JsonText.bytes(event.value()) : bytes);
        line.write('\n');
        return line.toByteArray();
    }

    @Override
    public synchronized void close() {
        files.values().forEach(PartitionFile::close);
        files.clear();
    }
}
