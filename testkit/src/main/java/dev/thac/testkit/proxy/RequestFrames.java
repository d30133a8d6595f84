package dev.thac.testkit.proxy;

import java.util.function.IntConsumer;

/**
 * Finds the requests in what a Kafka client sends: each is four bytes of length, then two bytes
 * that say which request it is. Bytes of other protocols mean nothing to it and do no harm. Used by
 * one thread.
 */
final class RequestFrames {

    private static final int HEAD = 6;

    private int inHead;
    private int length;
    private int apiKey;
    private long left;

    /** Reads on; tells of every request whose head is complete. */
    void take(byte[] bytes, IntConsumer requests) {
        for (int i = 0; i < bytes.length; ) {
            if (left > 0) {
                long skipped = Math.min(left, bytes.length - i);
                left -= skipped;
                i += (int) skipped;
                continue;
            }
            int next = bytes[i++] & 0xff;
            if (inHead < Integer.BYTES) {
                length = length << Byte.SIZE | next;
            } else {
                apiKey = apiKey << Byte.SIZE | next;
            }
            inHead++;
            if (inHead == HEAD) {
                requests.accept(apiKey);
                left = Math.max(0, length - Short.BYTES);
                inHead = 0;
                length = 0;
                apiKey = 0;
            }
        }
    }
}
