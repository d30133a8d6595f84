package dev.thac.app.cost;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.cost.SpendDay;
import dev.thac.cost.SpendDayJson;
import dev.thac.kafka.SpendTopic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all runs of all pipelines have spent, as far back as the ledger topic remembers.
 *
 * @param days one entry for every run and day
 * @param unreadable records that say something else, written by a newer version or by someone else
 */
public record SpendRecords(List<SpendDay> days, long unreadable) {

    /** Copies the list. */
    public SpendRecords {
        days = List.copyOf(days);
    }

    /**
     * Reads them from the brokers, with no process of ours at work.
     *
     * @param access the brokers
     * @return the latest word of every run about every day
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static SpendRecords read(KafkaAccess access) throws InterruptedException {
        Map<String, SpendDay> latest = new TreeMap<>();
        long[] unreadable = {0};
        try (Consumer<byte[], byte[]> consumer = access.consumer(Map.of())) {
            TopicRange range = TopicRange.all(consumer, List.of(SpendTopic.NAME));
            TopicScan _ =
                    TopicScan.read(
                            consumer,
                            range,
                            record -> {
                                if (!add(record, latest)) {
                                    unreadable[0]++;
                                }
                                return true;
                            });
        }
        return new SpendRecords(List.copyOf(latest.values()), unreadable[0]);
    }

    private static boolean add(
            ConsumerRecord<byte[], byte[]> record, Map<String, SpendDay> latest) {
        byte[] key = record.key();
        byte[] value = record.value();
        String name = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        if (!name.startsWith(SpendDayJson.KEY_PREFIX)) {
            return true; // a lease
        }
        if (value == null) {
            return false;
        }
        try {
            latest.put(name, SpendDayJson.read(value));
            return true;
        } catch (IllegalArgumentException _) { // counted, and said by the command
            return false;
        }
    }
}
