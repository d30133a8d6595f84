package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;

class OffsetMapTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        OffsetMap map = new OffsetMap(7, 100, 1_700_000_000_000L, 101, 102, 110, 500);

        assertThat(OffsetMap.decode(map.encode(), 100)).isEqualTo(new OffsetMap.Reading.Known(map));
    }

    @Test
    void finishedIsWhatLiesBelowTheBaseOrInAFinishedRun() {
        OffsetMap map = new OffsetMap(0, 100, 0, 101, 103, 110, 111);

        assertThat(List.of(99L, 101L, 102L, 110L)).allMatch(map::finished);
        assertThat(List.of(100L, 103L, 109L, 111L, 10_000L)).noneMatch(map::finished);
        assertThat(map.unfinishedBelow(90)).isZero();
        assertThat(map.unfinishedBelow(102)).isEqualTo(1);
        assertThat(map.unfinishedBelow(200)).isEqualTo(97);
    }

    @Test
    void aMapOfAnotherOffsetIsToldApart() {
        OffsetMap map = new OffsetMap(0, 100, 5, 101, 103);

        assertThat(OffsetMap.decode(map.encode(), 99))
                .isEqualTo(new OffsetMap.Reading.Misplaced(map));
    }

    @Test
    void noMetadataMeansNothingBeyondTheOffsetIsFinished() {
        assertThat(OffsetMap.decode("", 5)).isEqualTo(new OffsetMap.Reading.None());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQAAAZ", "b", "1-kafka-streams", "tAAAA", "{}", " T"})
    void metadataOfOtherProgramsIsForeign(String metadata) {
        assertThat(OffsetMap.decode(metadata, 5)).isEqualTo(new OffsetMap.Reading.Foreign());
    }

    @ParameterizedTest
    @ValueSource(strings = {"T", "TA", "T=", "T!!!!", "TAAAAAAAAAAAA", "Tiên"})
    void whatOnlyBeginsAsOursIsMangled(String metadata) {
        assertThat(OffsetMap.decode(metadata, 0)).isInstanceOf(OffsetMap.Reading.Mangled.class);
    }

    @Test
    void anUnknownVersionIsMangledHoweverSoundItIs() {
        byte[] bytes = {OffsetMap.VERSION + 1, 0, 0, 0, 0, 9, 9};
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(bytes);
        byte[] whole =
                java.nio.ByteBuffer.allocate(11).put(bytes).putInt((int) crc.getValue()).array();

        assertThat(OffsetMap.decode("T" + Base64.getUrlEncoder().encodeToString(whole), 9))
                .isEqualTo(new OffsetMap.Reading.Mangled("version 2 is not known here"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingThatWasChangedOnTheWayIsTakenForAnotherMap(long seed) {
        Random random = new Random(seed);
        OffsetMap map = random(random, 1 + random.nextInt(40));
        String text = map.encode();

        for (int at = 0; at < text.length(); at++) {
            for (char other : "TAz09-_=. \u00e9".toCharArray()) {
                harmless(map, text.substring(0, at) + other + text.substring(at + 1));
            }
            harmless(map, text.substring(0, at));
            harmless(map, text.substring(0, at) + text.substring(at + 1));
            harmless(map, text + text.charAt(at));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyMapSurvivesTheWay(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            OffsetMap map = random(random, random.nextInt(200));

            assertThat(OffsetMap.decode(map.encode(), map.base()))
                    .isEqualTo(new OffsetMap.Reading.Known(map));
        }
    }

    @Test
    void theWriterStopsAtItsLimitAndKeepsIt() {
        int bytes = OffsetMap.Writer.bytesFor(200);
        OffsetMap.Writer writer = new OffsetMap.Writer(1, 1_000, 1_700_000_000_000L, bytes);
        String fitting = "";
        int runs = 0;
        while (writer.run(1, 1)) {
            runs++;
            OffsetMap.Writer again = new OffsetMap.Writer(1, 1_000, 1_700_000_000_000L, bytes);
            for (int i = 0; i < runs; i++) {
                assertThat(again.run(1, 1)).isTrue();
            }
            fitting = again.text();
        }

        assertThat(fitting.length()).isBetween(195, 200);
        assertThat(writer.full()).isTrue();
    }

    /** What instances of that version have written stands in groups that outlive them. */
    @Test
    void versionOneReadsAsItAlwaysDid() throws IOException {
        OffsetMap map =
                new OffsetMap(
                        0x1234abcd,
                        1_000_000,
                        1_800_000_000_123L,
                        1_000_001,
                        1_000_129,
                        1_020_000,
                        1_020_001);
        String golden = golden("offset-map-v1.txt");

        assertThat(map.encode()).isEqualTo(golden);
        assertThat(OffsetMap.decode(golden, 1_000_000)).isEqualTo(new OffsetMap.Reading.Known(map));
    }

    private static String golden(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(OffsetMapTest.class.getResourceAsStream("/" + name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static void harmless(OffsetMap map, String changed) {
        switch (OffsetMap.decode(changed, map.base())) {
            case OffsetMap.Reading.Known(OffsetMap read) -> assertThat(read).isEqualTo(map);
            case OffsetMap.Reading.Misplaced(OffsetMap read) ->
                    assertThat(read).as("a map of another offset out of %s", changed).isNull();
            case OffsetMap.Reading.None _ -> assertThat(changed).isEmpty();
            case OffsetMap.Reading.Foreign _ -> assertThat(changed).doesNotStartWith("T");
            case OffsetMap.Reading.Mangled _ -> assertThat(changed).startsWith("T");
        }
    }

    private static OffsetMap random(Random random, int runs) {
        long base = random.nextInt(3) == 0 ? random.nextInt(10) : random.nextLong(1L << 48);
        long[] bounds = new long[2 * runs];
        long at = base;
        for (int i = 0; i < bounds.length; i++) {
            at += 1 + random.nextLong(1L << random.nextInt(30));
            bounds[i] = at;
        }
        return new OffsetMap(random.nextInt(), base, random.nextLong(1L << 42), bounds);
    }
}
