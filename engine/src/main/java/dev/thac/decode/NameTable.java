package dev.thac.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Field names seen before, by their bytes, so that a name met again costs no object and is the
 * interned one. Fixed in size, newer names push older ones out, and only a name's second meeting
 * interns it: events with random names can neither fill the memory nor spoil the table for long.
 * Entries are immutable, and a lost race only makes a name twice: no lock.
 */
final class NameTable {

    private static final int SLOTS = 2048;
    private static final int PROBES = 4;
    private static final int MIX = 15;

    private final Known[] known = new Known[SLOTS];

    @SuppressWarnings("ArrayRecordComponent") // compared by content below
    private record Known(byte[] bytes, String name, boolean interned) {}

    /**
     * The name at {@code bytes[start, end)}.
     *
     * @param bytes the document
     * @param start first byte of an ASCII name without escapes
     * @param end after its last byte
     * @param hash a hash of those bytes
     * @return the name
     */
    String name(byte[] bytes, int start, int end, int hash) {
        int mixed = hash ^ (hash >>> MIX);
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = (mixed + probe) & (SLOTS - 1);
            Known entry = known[slot];
            if (entry == null) {
                return remember(slot, bytes, start, end);
            }
            if (Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, start, end)) {
                return entry.interned ? entry.name : intern(slot, entry);
            }
        }
        return remember((mixed + (bytes[start] & (PROBES - 1))) & (SLOTS - 1), bytes, start, end);
    }

    private String remember(int slot, byte[] bytes, int start, int end) {
        String name = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
        known[slot] = new Known(Arrays.copyOfRange(bytes, start, end), name, false);
        return name;
    }

    private String intern(int slot, Known entry) {
        String name = entry.name.intern();
        known[slot] = new Known(entry.bytes, name, true);
        return name;
    }
}
