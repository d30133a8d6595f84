package dev.thac.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Files that are cut off anywhere behind what was committed. */
class PartitionFileTest {

    @TempDir private Path folder;

    private PartitionFile open(Path in, Optional<FileNote> committed, long position) {
        return new PartitionFile(in, "t-0", 120, committed, position);
    }

    private static PartitionFile.Line line(long offset) {
        String text = "{\"n\":" + offset + ",\"x\":\"" + "y".repeat((int) (offset % 40)) + "\"}\n";
        return new PartitionFile.Line(offset, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Path> files(Path in) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.filter(each -> each.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    private static String content(Path in) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path each : files(in)) {
            all.append(Files.readString(each));
        }
        return all.toString();
    }

    /**
     * Batches of any size, commits that lag behind, crashes that leave any part of what was not
     * committed, or garbage behind it: in the end every line is there once.
     */
    @Test
    void whateverACrashLeavesEveryLineIsThereOnceInTheEnd() throws IOException {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Path in = Files.createDirectory(folder.resolve("run-" + seed));
            long end = 60;
            long position = 0;
            Optional<FileNote> committed = Optional.of(open(in, Optional.empty(), 0).note());
            while (position < end) {
                PartitionFile file = open(in, committed, position);
                long next = position;
                boolean crashed = false;
                while (next < end && !crashed) {
                    List<PartitionFile.Line> lines = new ArrayList<>();
                    for (int size = 1 + random.nextInt(9); size > 0 && next < end; size--) {
                        lines.add(line(next++));
                    }
                    FileNote note = file.append(lines);
                    crashed = random.nextInt(3) == 0;
                    if (!crashed) {
                        committed = Optional.of(note);
                        position = next;
                    }
                }
                file.close();
                tear(in, committed.orElseThrow(), random);
            }
            PartitionFile last = open(in, committed, position);
            FileNote _ = last.append(List.of());
            last.close();

            StringBuilder expected = new StringBuilder();
            for (long offset = 0; offset < end; offset++) {
                expected.append(new String(line(offset).bytes(), StandardCharsets.UTF_8));
            }
            assertThat(content(in)).as("seed %d", seed).isEqualTo(expected.toString());
        }
    }

    /** What a crash may do to bytes that were not forced: leave a part of them, or rubbish. */
    private static void tear(Path in, FileNote committed, Random random) throws IOException {
        for (Path file : files(in)) {
            String name = String.valueOf(file.getFileName());
            long first = Long.parseLong(name.substring(4, 24));
            long kept = first == committed.first() ? committed.length() : 0;
            if (first >= committed.first()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    long torn = channel.size() - kept;
                    FileChannel _ =
                            channel.truncate(kept + (torn <= 0 ? 0 : random.nextLong(torn + 1)));
                }
                if (random.nextBoolean()) {
                    Files.writeString(file, "{\"ha", StandardOpenOption.APPEND);
                }
            }
        }
    }

    @Test
    void withoutTheRepairHalfLinesWouldStay() throws IOException {
        PartitionFile file = open(folder, Optional.empty(), 0);
        FileNote note = file.append(List.of(line(0)));
        file.close();
        Files.writeString(files(folder).getFirst(), "{\"ha", StandardOpenOption.APPEND);

        PartitionFile believing =
                open(
                        folder,
                        Optional.of(
                                new FileNote(
                                        note.run(),
                                        note.first(),
                                        Files.size(files(folder).getFirst()))),
                        1);
        FileNote _ = believing.append(List.of(line(1)));
        believing.close();

        assertThat(content(folder)).contains("{\"ha{");
    }

    @Test
    void aFileThatIsNotWhatTheCommitSaysIsLeftAloneAndANewOneBegins() throws IOException {
        PartitionFile file = open(folder, Optional.of(new FileNote(1, 3, 500)), 9);
        FileNote note = file.append(List.of(line(9)));
        file.close();

        assertThat(note.first()).isEqualTo(9);
        assertThat(files(folder)).hasSize(1);
    }

    @Test
    void aSecondWriterOfTheSamePartitionWaitsUntilTheFirstHasGone() throws IOException {
        PartitionFile first = open(folder, Optional.empty(), 0);
        FileNote note = first.append(List.of(line(0)));
        PartitionFile second = open(folder, Optional.of(note), 1);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> second.append(List.of(line(1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("still open in another process");
        first.close();
        FileNote _ = second.append(List.of(line(1)));
        second.close();

        assertThat(content(folder).lines()).hasSize(2);
    }

    @Test
    void aNoteReadsBackAndForeignOnesDoNot() {
        FileNote note = new FileNote(2, 17, 12345);

        assertThat(FileNote.parse(note.toString())).contains(note);
        assertThat(FileNote.parse("")).isEmpty();
        assertThat(FileNote.parse("1:AAAA")).isEmpty();
    }
}
