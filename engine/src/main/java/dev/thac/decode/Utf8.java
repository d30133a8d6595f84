package dev.thac.decode;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** Decodes {@code length} bytes from {@code start}; malformed input is refused. */
    static String decode(byte[] bytes, int start, int length) throws MalformedException {
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        // the quick decoder replaces what is malformed; a real U+FFFD in the input is rare
        if (text.indexOf(REPLACEMENT) >= 0) {
            check(bytes, start, length);
        }
        return text;
    }

    private static void check(byte[] bytes, int start, int length) throws MalformedException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer source = ByteBuffer.wrap(bytes, start, length);
        CoderResult result = decoder.decode(source, CharBuffer.allocate(length), true);
        if (result.isError()) {
            throw new MalformedException("not UTF-8", source.position());
        }
    }
}
