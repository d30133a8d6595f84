package dev.thac.event;

import java.nio.ByteBuffer;

/**
 * A SHA-256 digest as a value, to compare texts without keeping them.
 *
 * @param first bytes 0 to 7
 * @param second bytes 8 to 15
 * @param third bytes 16 to 23
 * @param fourth bytes 24 to 31
 */
public record Digest(long first, long second, long third, long fourth) {

    private static final int LENGTH = 32;

    /**
     * A digest from its bytes.
     *
     * @param bytes 32 of them
     * @return the digest
     * @throws IllegalArgumentException when they are not 32
     */
    public static Digest of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a digest has 32 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Digest(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
