package dev.thac.sink;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one partition: {@code <topic>-<partition>-<first offset>.jsonl}, from the second run
 * on {@code ….r<run>.jsonl}. Before the first line is appended, everything that the last commit
 * does not know of is taken away: the end of the current file, half lines among it, and files begun
 * after it. A lock on a hidden file beside them keeps a second process out that still believes to
 * own the partition. Used by one thread at a time.
 */
final class PartitionFile {

    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionFile.class);

    private static final int CHUNK = 1 << 20;

    private final Path folder;
    private final String stem;
    private final long roll;
    private final Pattern names;

    /** What is durably there and may be committed. */
    private FileNote note;

    private @Nullable FileChannel lockFile;
    private @Nullable FileLock lock;
    private @Nullable FileChannel channel;
    private long nextOffset;

    /**
     * A line and the offset of its record.
     *
     * @param bytes with the line's end
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Line(long offset, byte[] bytes) {}

    /**
     * Files that are not touched yet.
     *
     * @param folder where they are
     * @param stem what their names begin with
     * @param roll a new file is begun when one has so many bytes
     * @param committed what the last commit says; empty: there is none, a new run begins
     * @param position the committed offset, or where reading begins
     */
    PartitionFile(
            Path folder, String stem, long roll, Optional<FileNote> committed, long position) {
        this.folder = folder;
        this.stem = stem;
        this.roll = roll;
        this.names = Pattern.compile(Pattern.quote(stem) + "-(\\d{20})(?:\\.r(\\d{1,9}))?\\.jsonl");
        this.nextOffset = position;
        this.note = committed.orElseGet(() -> new FileNote(newestRun() + 1, position, 0));
    }

    /** What may be committed. */
    FileNote note() {
        return note;
    }

    /**
     * Appends lines and forces them to the disk.
     *
     * @return what may be committed then
     * @throws IOException when not all of them are there, as far as is known; the next call begins
     *     with what was there before
     */
    FileNote append(List<Line> lines) throws IOException {
        boolean written = false;
        try {
            FileChannel file = open();
            FileNote now = note;
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
            for (Line line : lines) {
                if (now.length() >= roll) {
                    drain(buffer, file);
                    file.force(false);
                    file = begin(line.offset());
                    now = new FileNote(now.run(), line.offset(), 0);
                }
                put(buffer, line.bytes(), file);
                now = new FileNote(now.run(), now.first(), now.length() + line.bytes().length);
            }
            drain(buffer, file);
            file.force(false);
            note = now;
            nextOffset = lines.isEmpty() ? nextOffset : lines.getLast().offset() + 1;
            written = true;
            return now;
        } finally {
            if (!written) {
                closeFile();
            }
        }
    }

    private static void put(ByteBuffer buffer, byte[] bytes, FileChannel file) throws IOException {
        if (bytes.length > buffer.remaining()) {
            drain(buffer, file);
        }
        if (bytes.length > buffer.capacity()) {
            drain(ByteBuffer.wrap(bytes).position(bytes.length), file);
        } else {
            buffer.put(bytes);
        }
    }

    private static void drain(ByteBuffer buffer, FileChannel file) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            int _ = file.write(buffer);
        }
        buffer.clear();
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        Files.createDirectories(folder);
        takeLock();
        repair();
        open = openCurrent();
        channel = open;
        return open;
    }

    private void takeLock() throws IOException {
        if (lock != null) {
            return;
        }
        FileChannel open = lockFile;
        if (open == null) {
            open =
                    FileChannel.open(
                            folder.resolve("." + stem + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            lockFile = open;
        }
        try {
            lock = open.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null; // another sink of this process
        }
        if (lock == null) {
            throw new IOException("the files of " + stem + " are still open in another process");
        }
    }

    /** Takes away what no commit knows of. */
    private void repair() throws IOException {
        boolean changed = false;
        for (Path file : files()) {
            Matcher name = names.matcher(String.valueOf(file.getFileName()));
            if (name.matches() && run(name) == note.run()) {
                long first = Long.parseLong(name.group(1));
                if (first > note.first()) {
                    Files.delete(file);
                    changed = true;
                }
            }
        }
        if (changed) {
            forceFolder();
        }
    }

    private FileChannel openCurrent() throws IOException {
        Path current = path(note.first());
        long length = Files.exists(current) ? Files.size(current) : 0;
        if (length < note.length()) {
            LOGGER.atWarn()
                    .addKeyValue("file", current)
                    .addKeyValue("length", length)
                    .addKeyValue("committed", note.length())
                    .log("a file is not as it was left, or was left elsewhere: a new one begins");
            note = new FileNote(note.run(), nextOffset, 0);
            current = path(nextOffset);
        }
        FileChannel open =
                FileChannel.open(current, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        open.truncate(note.length());
        open.position(note.length());
        open.force(true);
        forceFolder();
        return open;
    }

    private FileChannel begin(long offset) throws IOException {
        closeFile();
        FileChannel open =
                FileChannel.open(
                        path(offset),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        forceFolder();
        channel = open;
        return open;
    }

    /** So that a file's name is as durable as its content. */
    private void forceFolder() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private Path path(long first) {
        String run = note.run() == 1 ? "" : ".r" + note.run();
        return folder.resolve("%s-%020d%s.jsonl".formatted(stem, first, run));
    }

    private int newestRun() {
        int newest = 0;
        try {
            for (Path file : files()) {
                Matcher name = names.matcher(String.valueOf(file.getFileName()));
                newest = name.matches() ? Math.max(newest, run(name)) : newest;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return newest;
    }

    private static int run(Matcher name) {
        return name.group(2) == null ? 1 : Integer.parseInt(name.group(2));
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return new ArrayList<>();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    private void closeFile() {
        FileChannel open = channel;
        channel = null;
        closeQuietly(open);
    }

    /** Lets others have the files. */
    void close() {
        closeFile();
        FileChannel open = lockFile;
        lockFile = null;
        lock = null;
        closeQuietly(open);
    }

    private static void closeQuietly(@Nullable FileChannel open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOGGER.warn("a file could not be closed", e); // what counts was forced before
        }
    }
}
