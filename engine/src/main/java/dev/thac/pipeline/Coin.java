package dev.thac.pipeline;

import java.nio.charset.StandardCharsets;

/**
 * A coin that falls the same way for the same text, in every process and at any time: a hash of the
 * text as a number from 0 to 1, compared with a share. Pipelines have coins of their own, so that a
 * share of a share is what it says. Immutable.
 *
 * <p>The hash is FNV-1a over UTF-8, 64 bits, mixed by the finaliser of MurmurHash3 so that texts
 * that differ in one digit fall independently. It is no secret: who may choose the text may choose
 * the side.
 */
final class Coin {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final double STEP = 0x1p-53;

    private final long salt;
    private final double share;

    /**
     * @param name whose coin it is
     * @param share how often it says yes, from 0 to 1
     */
    Coin(String name, double share) {
        this.salt = hash(FNV_OFFSET, name);
        this.share = share;
    }

    boolean says(String stratum, String text) {
        long mixed = mix(hash(hash(salt, stratum), text));
        return (mixed >>> 11) * STEP < share;
    }

    private static long hash(long before, String text) {
        long hash = before;
        for (byte letter : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (letter & 0xff)) * FNV_PRIME;
        }
        return (hash ^ 0xff) * FNV_PRIME; // no UTF-8 text has this byte: ab + c is not a + bc
    }

    private static long mix(long hash) {
        long mixed = hash;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
