package dev.thac.window;

import dev.thac.event.JsonTree;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link PackedWriter} wrote. Not thread-safe. */
final class PackedReader {

    private final byte[] buffer;
    private int at;

    PackedReader(byte[] buffer) {
        this(buffer, 0);
    }

    PackedReader(byte[] buffer, int from) {
        this.buffer = buffer;
        this.at = from;
    }

    int take() {
        return buffer[at++];
    }

    long fixed() {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = (number << Byte.SIZE) | (buffer[at++] & 0xFF);
        }
        return number;
    }

    long number() {
        long raw = 0;
        int shift = 0;
        while (true) {
            byte next = buffer[at++];
            raw |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return raw >>> 1 ^ -(raw & 1);
            }
            shift += 7;
        }
    }

    int count() {
        return Math.toIntExact(number());
    }

    byte[] bytes() {
        return raw(count());
    }

    byte[] raw(int length) {
        at += length;
        return Arrays.copyOfRange(buffer, at - length, at);
    }

    String text() {
        int length = count();
        at += length;
        return new String(buffer, at - length, length, StandardCharsets.UTF_8);
    }

    @Nullable Object scalar() {
        int tag = take();
        return switch (tag) {
            case PackedWriter.NULL -> null;
            case PackedWriter.LONG -> number();
            case PackedWriter.DOUBLE -> Double.longBitsToDouble(fixed());
            case PackedWriter.DECIMAL -> new BigDecimal(text());
            case PackedWriter.TEXT -> text();
            case PackedWriter.TRUE -> true;
            case PackedWriter.FALSE -> false;
            case PackedWriter.JSON -> JsonTree.read(bytes());
            default -> throw new IllegalArgumentException("written by another version: " + tag);
        };
    }
}
