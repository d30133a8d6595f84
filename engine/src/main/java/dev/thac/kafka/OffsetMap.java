package dev.thac.kafka;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Which offsets at or beyond a committed one are finished, as it stands in the metadata of the
 * commit: {@code T}, then base64url of version (1 byte), hash of the topic id (4 bytes, 0:
 * unknown), base offset, time since when something is unfinished (milliseconds since the epoch),
 * lengths of the runs of offsets from the base on, alternating unfinished and finished and ending
 * with a finished one (all varints), and the CRC-32 of all before (4 bytes). Immutable.
 *
 * <p>The base stands in the map because a map is worth nothing beside another offset: tools can
 * reset a group and leave the metadata as it was.
 */
final class OffsetMap {

    static final int VERSION = 1;

    private static final char MAGIC = 'T';
    private static final int CRC_BYTES = 4;

    private final int topicIdHash;
    private final long base;
    private final long since;

    /** First finished offset, first unfinished one after it, and so on; ascending, even in size. */
    private final long[] bounds;

    /** What the metadata of a commit says. */
    sealed interface Reading {
        /** There is none: everything from the committed offset on is unfinished. */
        record None() implements Reading {}

        /** A map that belongs to the committed offset. */
        record Known(OffsetMap map) implements Reading {}

        /** A map of another offset, to be discarded. */
        record Misplaced(OffsetMap map) implements Reading {}

        /** Written by another program. */
        record Foreign() implements Reading {}

        /** Begins as ours do and cannot be read; everything from the offset on is unfinished. */
        record Mangled(String why) implements Reading {}
    }

    OffsetMap(int topicIdHash, long base, long since, long... bounds) {
        this.topicIdHash = topicIdHash;
        this.base = base;
        this.since = since;
        this.bounds = bounds.clone();
    }

    int topicIdHash() {
        return topicIdHash;
    }

    long base() {
        return base;
    }

    long since() {
        return since;
    }

    /** How many finished runs there are. */
    int runs() {
        return bounds.length / 2;
    }

    /** The first offset of a finished run, counted from 0. */
    long start(int run) {
        return bounds[2 * run];
    }

    /** The first offset after a finished run. */
    long end(int run) {
        return bounds[2 * run + 1];
    }

    /** Whether an offset is finished; those below the base are. */
    boolean finished(long offset) {
        int found = Arrays.binarySearch(bounds, offset);
        int boundsUpTo = found >= 0 ? found + 1 : -found - 1;
        return offset < base || boundsUpTo % 2 == 1;
    }

    /** How many offsets of {@code [base, end)} are not finished. */
    long unfinishedBelow(long end) {
        long unfinished = Math.max(0, end - base);
        for (int run = 0; run < runs() && start(run) < end; run++) {
            unfinished -= Math.min(end, end(run)) - start(run);
        }
        return unfinished;
    }

    /** The metadata. */
    String encode() {
        Writer writer = new Writer(topicIdHash, base, since, Integer.MAX_VALUE);
        long from = base;
        for (int run = 0; run < runs(); run++) {
            boolean _ = writer.run(start(run) - from, end(run) - start(run));
            from = end(run);
        }
        return writer.text();
    }

    /**
     * Reads the metadata of a commit.
     *
     * @param metadata what stands beside the offset
     * @param committed the offset
     */
    static Reading decode(String metadata, long committed) {
        if (metadata.isEmpty()) {
            return new Reading.None();
        }
        if (metadata.charAt(0) != MAGIC) {
            return new Reading.Foreign();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(metadata.substring(1));
        } catch (IllegalArgumentException _) {
            return new Reading.Mangled("not base64url");
        }
        int length = bytes.length - CRC_BYTES;
        if (length < 1 || crc(bytes, length) != readInt(bytes, length)) {
            return new Reading.Mangled("the checksum differs");
        }
        if (bytes[0] != VERSION) {
            return new Reading.Mangled("version " + bytes[0] + " is not known here");
        }
        OffsetMap map = new Reader(bytes, length).map();
        if (map == null) {
            return new Reading.Mangled("the runs make no sense");
        }
        return map.base == committed ? new Reading.Known(map) : new Reading.Misplaced(map);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OffsetMap map
                && topicIdHash == map.topicIdHash
                && base == map.base
                && since == map.since
                && Arrays.equals(bounds, map.bounds);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(base) * 31 + Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return "from "
                + base
                + " finished "
                + Arrays.toString(bounds)
                + " since "
                + since
                + " topic "
                + topicIdHash;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static int readInt(byte[] bytes, int at) {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = (value << Byte.SIZE) | (bytes[at + i] & 0xff);
        }
        return value;
    }

    /** Writes a map run by run, and stops where it would become too long. */
    static final class Writer {

        /** Version, hash, two varints and the checksum at their longest. */
        private static final int FIXED = 1 + 4 + 10 + 10 + CRC_BYTES;

        private static final int RUN = 20;

        private final int maxBytes;
        private byte[] bytes = new byte[FIXED + 4 * RUN];
        private int length;
        private boolean full;

        /**
         * @param maxBytes bytes at most, before base64
         */
        Writer(int topicIdHash, long base, long since, int maxBytes) {
            this.maxBytes = maxBytes;
            bytes[length++] = VERSION;
            writeInt(topicIdHash);
            varint(base);
            varint(since);
        }

        /** Most bytes whose metadata is not longer than that many characters. */
        static int bytesFor(int chars) {
            return Math.max(0, (chars - 1) / 4 * 3);
        }

        /** Adds a run of each kind; returns false when the map has become too long. */
        boolean run(long unfinished, long finished) {
            if (length + RUN + CRC_BYTES > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            varint(unfinished);
            varint(finished);
            full |= length + CRC_BYTES > maxBytes;
            return !full;
        }

        /** Whether it has become too long. */
        boolean full() {
            return full;
        }

        /** Bytes so far, the checksum included. */
        int bytes() {
            return length + CRC_BYTES;
        }

        /** The metadata. */
        String text() {
            writeInt(crc(bytes, length));
            byte[] text =
                    Base64.getUrlEncoder().withoutPadding().encode(Arrays.copyOf(bytes, length));
            return MAGIC + new String(text, StandardCharsets.ISO_8859_1);
        }

        private void writeInt(int value) {
            for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
                bytes[length++] = (byte) (value >> shift);
            }
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }
    }

    /** Reads what the writer wrote. */
    private static final class Reader {

        private final byte[] bytes;
        private final int length;
        private int at = 1;
        private boolean broken;

        Reader(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        @Nullable OffsetMap map() {
            if (length < 1 + Integer.BYTES) {
                return null;
            }
            int hash = readInt(bytes, at);
            at += Integer.BYTES;
            long base = varint();
            long since = varint();
            long[] bounds = new long[8];
            int size = 0;
            long offset = base;
            while (at < length && !broken) {
                long run = varint();
                offset += run;
                broken |= run <= 0 || offset <= base;
                if (size == bounds.length) {
                    bounds = Arrays.copyOf(bounds, 2 * size);
                }
                bounds[size++] = offset;
            }
            if (broken || base < 0 || since < 0 || size % 2 != 0) {
                return null;
            }
            return new OffsetMap(hash, base, since, Arrays.copyOf(bounds, size));
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE && at < length; shift += 7) {
                byte next = bytes[at++];
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            broken = true;
            return 0;
        }
    }
}
