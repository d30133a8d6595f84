package dev.thac.window;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes what topologies keep and pass on: small numbers in few bytes. Not thread-safe. */
final class PackedWriter {

    static final byte NULL = 0;
    static final byte LONG = 1;
    static final byte DOUBLE = 2;
    static final byte DECIMAL = 3;
    static final byte TEXT = 4;
    static final byte TRUE = 5;
    static final byte FALSE = 6;
    static final byte JSON = 7;

    private static final int FIRST_SIZE = 64;

    private byte[] buffer = new byte[FIRST_SIZE];
    private int size;

    PackedWriter put(int oneByte) {
        ensure(1);
        buffer[size++] = (byte) oneByte;
        return this;
    }

    /** Eight bytes, the highest first. */
    PackedWriter fixed(long number) {
        ensure(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            buffer[size++] = (byte) (number >>> shift);
        }
        return this;
    }

    /** Zigzag, seven bits to a byte. */
    PackedWriter number(long number) {
        ensure(10);
        long rest = (number << 1) ^ (number >> 63);
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
        return this;
    }

    /** Their number, then the bytes. */
    PackedWriter bytes(byte[] bytes) {
        number(bytes.length);
        return raw(bytes);
    }

    PackedWriter raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
        return this;
    }

    PackedWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A tree; objects and lists as JSON. */
    PackedWriter scalar(@Nullable Object value) {
        return switch (value) {
            case null -> put(NULL);
            case Long number -> put(LONG).number(number);
            case Double number -> put(DOUBLE).fixed(Double.doubleToRawLongBits(number));
            case BigInteger number -> put(DECIMAL).text(number.toString());
            case BigDecimal number -> put(DECIMAL).text(number.toString());
            case Boolean bool -> put(bool ? TRUE : FALSE);
            case String text -> put(TEXT).text(text);
            default -> put(JSON).bytes(Measure.json(value));
        };
    }

    byte[] done() {
        return Arrays.copyOf(buffer, size);
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
