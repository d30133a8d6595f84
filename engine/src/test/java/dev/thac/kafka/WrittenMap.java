package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.CRC32;

/**
 * What a commit says is finished, read by the description of the format and not by the code under
 * test.
 */
final class WrittenMap {

    private WrittenMap() {}

    /**
     * The finished offsets: those below the commit, and those its map names.
     *
     * @throws IllegalArgumentException when the metadata is not a valid map of this commit
     */
    static BitSet finished(OffsetAndMetadata commit) {
        BitSet finished = new BitSet();
        finished.set(0, (int) commit.offset());
        String text = commit.metadata();
        if (text.isEmpty()) {
            return finished;
        }
        if (text.charAt(0) != 'T') {
            throw new IllegalArgumentException("not ours: " + text);
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text.substring(1));
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, bytes.length - Integer.BYTES);
        require(
                (int) crc.getValue() == ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES),
                "checksum of " + text);
        require(in.get() == 1, "version of " + text);
        int _ = in.getInt();
        require(varint(in) == commit.offset(), "base of " + text + " at " + commit.offset());
        long _ = varint(in);
        int at = (int) commit.offset();
        boolean done = false;
        while (in.hasRemaining()) {
            int length = (int) varint(in);
            if (done) {
                finished.set(at, at + length);
            }
            at += length;
            done = !done;
        }
        require(!done, "the map ends with an unfinished run: " + text);
        return finished;
    }

    /** Whether the metadata is a valid map of this commit. */
    static boolean valid(OffsetAndMetadata commit) {
        try {
            return finished(commit).length() >= 0;
        } catch (IllegalArgumentException | BufferUnderflowException _) {
            return false;
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        int shift = 0;
        int next;
        do {
            next = in.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private static void require(boolean held, String what) {
        if (!held) {
            throw new IllegalArgumentException("wrong " + what);
        }
    }
}
