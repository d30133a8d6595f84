package dev.thac.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger says of one lease: how much of a budget one instance has taken for itself. The
 * first record of a key is the lease; later ones only make it smaller.
 *
 * @param budget name of the budget
 * @param period start of the period
 * @param instance who owns it; a name that no other process had or will have
 * @param number tells the leases of an instance apart
 * @param amount nano-USD
 * @param at when it was written, by the owner's clock
 */
record LeaseRecord(
        String budget, Instant period, String instance, long number, long amount, Instant at) {

    /** Stands for the amount of a lease that cannot be read: more than any limit. */
    static final long UNREADABLE = Long.MAX_VALUE / 4;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KIND = "lease|";
    private static final int VERSION = 1;
    private static final int PARTS = 5;

    /** The record's key: which lease. */
    String key() {
        return KIND + escaped(budget) + '|' + period + '|' + escaped(instance) + '|' + number;
    }

    /** The record's value. */
    byte[] value() {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("v", VERSION);
        tree.put("budget", budget);
        tree.put("period", period.toString());
        tree.put("instance", instance);
        tree.put("amount", amount);
        tree.put("at", at.toString());
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a record. A lease whose value cannot be read (a newer version wrote it) is taken for
     * larger than any limit: what it stands for is spent, and must not be spent again.
     *
     * @return empty for what is no lease
     */
    static Optional<LeaseRecord> read(String key, byte[] value) {
        String[] parts = key.split("\\|", -1);
        if (!key.startsWith(KIND) || parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new LeaseRecord(
                            unescaped(parts[1]),
                            Instant.parse(parts[2]),
                            unescaped(parts[3]),
                            Long.parseLong(parts[PARTS - 1]),
                            amount(value),
                            Instant.EPOCH));
        } catch (DateTimeException | NumberFormatException _) { // nobody's key
            return Optional.empty();
        }
    }

    private static long amount(byte[] value) {
        try {
            JsonNode tree = JSON.readTree(value);
            JsonNode amount = tree.path("amount");
            boolean known = tree.path("v").asInt() == VERSION && amount.canConvertToLong();
            long nanos = known && amount.isIntegralNumber() ? amount.asLong() : UNREADABLE;
            return nanos < 0 ? UNREADABLE : Math.min(nanos, UNREADABLE);
        } catch (IOException _) { // not of this version
            return UNREADABLE;
        }
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("|", "%7C");
    }

    private static String unescaped(String name) {
        return name.replace("%7C", "|").replace("%25", "%");
    }
}
