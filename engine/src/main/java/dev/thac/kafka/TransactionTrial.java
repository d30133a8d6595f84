package dev.thac.kafka;

import dev.thac.event.Finding;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A transaction that is begun and aborted, of offsets of a group that is deleted afterwards. The
 * coordinator notes when it began, by the broker's clock: nothing else in Kafka tells that time.
 */
final class TransactionTrial {

    private static final Duration SKEW = Duration.ofSeconds(2);

    private final Admin admin;
    private final BrokerNeeds needs;
    private final Ticker ticker;

    TransactionTrial(Admin admin, BrokerNeeds needs, Ticker ticker) {
        this.admin = admin;
        this.needs = needs;
        this.ticker = ticker;
    }

    /** How far this machine's clock and the broker's differ. */
    Finding clock(
            Map<String, Object> producerSettings,
            Map<String, Object> consumerSettings,
            TopicPartition partition)
            throws InterruptedException {
        Map<String, Object> settings = new HashMap<>(producerSettings);
        settings.put("transactional.id", needs.scratchTransactionalId());
        Map<String, Object> groupSettings = new HashMap<>(consumerSettings);
        groupSettings.put("group.id", needs.scratchGroup());
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings);
                Consumer<byte[], byte[]> member = new KafkaConsumer<>(groupSettings)) {
            producer.initTransactions();
            producer.beginTransaction();
            Instant before = ticker.now();
            producer.sendOffsetsToTransaction(
                    Map.of(partition, new OffsetAndMetadata(0)), member.groupMetadata());
            Instant after = ticker.now();
            OptionalLong began = began();
            producer.abortTransaction();
            Answer<Void> _ =
                    Answer.of(admin.deleteConsumerGroups(List.of(needs.scratchGroup())).all());
            return began.isEmpty()
                    ? unknown("the brokers do not tell when a transaction began")
                    : compared(before, Instant.ofEpochMilli(began.getAsLong()), after);
        } catch (KafkaException e) {
            return unknown(String.valueOf(e.getMessage()));
        }
    }

    private OptionalLong began() throws InterruptedException {
        String id = needs.scratchTransactionalId();
        Answer<TransactionDescription> answer =
                Answer.of(admin.describeTransactions(List.of(id)).description(id));
        return answer.value()
                .map(TransactionDescription::transactionStartTimeMs)
                .orElse(OptionalLong.empty());
    }

    private static Finding compared(Instant before, Instant broker, Instant after) {
        Duration behind = Duration.between(after, broker);
        Duration ahead = Duration.between(broker, before);
        Duration skew = behind.compareTo(ahead) > 0 ? behind : ahead;
        if (skew.compareTo(SKEW) <= 0) {
            return Finding.ok("clock", "this machine and the broker agree");
        }
        return Finding.warn(
                "clock",
                "this machine is "
                        + skew.toSeconds()
                        + " s "
                        + (behind.compareTo(ahead) > 0 ? "behind" : "ahead of")
                        + " the broker: delayed retries come that much "
                        + (behind.compareTo(ahead) > 0 ? "later" : "earlier"),
                "set both by NTP");
    }

    private static Finding unknown(String why) {
        return Finding.warn(
                "clock",
                "this machine's clock could not be compared with the broker's: " + why,
                "set both by NTP");
    }
}
