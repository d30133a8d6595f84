package dev.thac.app.budget;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.Json;
import dev.thac.event.Money;
import dev.thac.kafka.LedgerTopic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code thac.ledger} says: who holds how much of which budget in which period. Immutable.
 *
 * @param leases the latest of every lease, in the order in which they were taken
 * @param ended holders that ended in order, and have given back what they did not spend
 */
public record LedgerFigures(List<Lease> leases, Set<String> ended) {

    private static final String LEASE = "lease|";
    private static final String END = "end|";
    private static final int PARTS = 5;

    /**
     * Money that one holder has taken of a budget.
     *
     * @param key its key in the ledger
     * @param budget the budget's name
     * @param period start of the period
     * @param holder who holds it, as {@code pipeline.instance.run~run}
     * @param amount how much
     * @param value the record's value, as a tree
     */
    public record Lease(
            String key,
            String budget,
            Instant period,
            String holder,
            Money amount,
            Map<?, ?> value) {}

    /** Copies the collections. */
    public LedgerFigures {
        leases = List.copyOf(leases);
        ended = Set.copyOf(ended);
    }

    /**
     * Reads the ledger from its beginning to its present end.
     *
     * @param access the brokers
     * @return the figures; none where there is no ledger
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static LedgerFigures read(KafkaAccess access) throws InterruptedException {
        try (Admin admin = access.admin()) {
            if (!access.await(admin.listTopics().names()).contains(LedgerTopic.NAME)) {
                return new LedgerFigures(List.of(), Set.of());
            }
        }
        Map<String, Lease> leases = new LinkedHashMap<>();
        Set<String> ended = new TreeSet<>();
        try (Consumer<byte[], byte[]> consumer = access.consumer(Map.of())) {
            TopicScan _ =
                    TopicScan.read(
                            consumer,
                            TopicRange.all(consumer, List.of(LedgerTopic.NAME)),
                            record -> {
                                take(record, leases, ended);
                                return true;
                            });
        }
        return new LedgerFigures(new ArrayList<>(leases.values()), ended);
    }

    /**
     * The latest period of each budget in which somebody took money.
     *
     * @return name to start of the period
     */
    public Map<String, Instant> latestPeriods() {
        Map<String, Instant> latest = new TreeMap<>();
        leases.forEach(
                lease ->
                        latest.merge(
                                lease.budget(),
                                lease.period(),
                                (one, other) -> one.isAfter(other) ? one : other));
        return latest;
    }

    /**
     * What is held in one period, by holder.
     *
     * @param budget the budget's name
     * @param period start of the period
     * @return holder to leases
     */
    public Map<String, List<Lease>> holders(String budget, Instant period) {
        Map<String, List<Lease>> holders = new TreeMap<>();
        for (Lease lease : leases) {
            if (lease.budget().equals(budget)
                    && lease.period().equals(period)
                    && lease.amount().nanos() > 0) {
                holders.computeIfAbsent(lease.holder(), _ -> new ArrayList<>()).add(lease);
            }
        }
        return holders;
    }

    private static void take(
            ConsumerRecord<byte[], byte[]> record, Map<String, Lease> leases, Set<String> ended) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (key.startsWith(END)) {
            ended.add(key.substring(END.length()));
            return;
        }
        String[] parts = key.split("\\|", -1);
        if (!key.startsWith(LEASE) || parts.length != PARTS) {
            return;
        }
        try {
            if (Json.read(new String(record.value(), StandardCharsets.UTF_8))
                            instanceof Map<?, ?> value
                    && value.get("amount") instanceof Number amount) {
                leases.put(
                        key,
                        new Lease(
                                key,
                                unescaped(parts[1]),
                                Instant.parse(parts[2]),
                                unescaped(parts[3]),
                                new Money(amount.longValue()),
                                value));
            }
        } catch (JsonProcessingException | DateTimeException _) {
            // of another version: `thac budget` cannot say what it means
        }
    }

    private static String unescaped(String name) {
        return name.replace("%7C", "|").replace("%25", "%");
    }
}
