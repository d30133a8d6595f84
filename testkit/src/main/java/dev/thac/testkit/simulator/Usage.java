package dev.thac.testkit.simulator;

/**
 * Tokens of one call.
 *
 * @param input tokens in
 * @param output tokens out, thinking included
 * @param thinking the part of the output that was thinking
 */
record Usage(long input, long output, long thinking) {

    /** Nothing. */
    static final Usage NONE = new Usage(0, 0, 0);

    /** No tokenizer is public for today's models; about one token per 3.5 bytes of UTF-8. */
    private static final double BYTES_PER_TOKEN = 3.5;

    /** What every message costs beside its text. */
    private static final long FRAME = 8;

    /** The tokens of so many bytes of UTF-8. */
    static long tokens(long bytes) {
        return (long) Math.ceil(bytes / BYTES_PER_TOKEN);
    }

    /** The tokens of a request with so many bytes of UTF-8 in instructions, messages, schema. */
    static long request(long bytes) {
        return FRAME + tokens(bytes);
    }

    /** The length of a text in UTF-8. */
    static long bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate is half of a character of four bytes.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }
}
