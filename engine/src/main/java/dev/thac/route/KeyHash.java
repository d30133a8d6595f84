package dev.thac.route;

/**
 * The hash by which Kafka's producers choose a partition for a key: MurmurHash2 by Austin Appleby,
 * 32 bits, with the seed of {@code org.apache.kafka.common.utils.Utils.murmur2}, made positive.
 */
final class KeyHash {

    private static final int SEED = 0x9747b28c;
    private static final int MIX = 0x5bd1e995;
    private static final int SHIFT = 24;

    private KeyHash() {}

    /** The hash of a key, never negative; modulo the partitions it is the key's partition. */
    static int of(byte[] key) {
        int hash = SEED ^ key.length;
        int whole = key.length / 4 * 4;
        for (int at = 0; at < whole; at += 4) {
            int block =
                    (key[at] & 0xff)
                            | (key[at + 1] & 0xff) << 8
                            | (key[at + 2] & 0xff) << 16
                            | (key[at + 3] & 0xff) << 24;
            block *= MIX;
            block ^= block >>> SHIFT;
            hash = hash * MIX ^ block * MIX;
        }
        for (int at = key.length - 1; at >= whole; at--) {
            hash ^= (key[at] & 0xff) << (8 * (at - whole));
        }
        if (whole < key.length) {
            hash *= MIX;
        }
        hash ^= hash >>> 13;
        hash *= MIX;
        hash ^= hash >>> 15;
        return hash & Integer.MAX_VALUE;
    }
}
