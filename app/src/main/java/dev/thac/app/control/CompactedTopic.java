package dev.thac.app.control;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.Json;
import dev.thac.kafka.LedgerTopic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** A topic of one partition that keeps the latest JSON object under each key. */
public enum CompactedTopic {
    /** What operators want. */
    CONTROL("thac.control", Map.of("cleanup.policy", "compact")),
    /** What instances report; what the dead said is forgotten when their budgets' periods are. */
    STATUS(
            "thac.status",
            Map.of(
                    "cleanup.policy",
                    "compact,delete",
                    "retention.ms",
                    LedgerTopic.TOPIC_SETTINGS.getOrDefault("retention.ms", "-1")));

    private final String topic;

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<String, String> settings;

    CompactedTopic(String topic, Map<String, String> settings) {
        this.topic = topic;
        this.settings = settings;
    }

    /** The topic's name. */
    public String topic() {
        return topic;
    }

    /**
     * Creates the topic where it is missing.
     *
     * @param access the brokers
     * @param admin tells them
     * @throws InterruptedException when the calling thread is interrupted
     * @throws KafkaException when it can be neither found nor created
     */
    public void create(KafkaAccess access, Admin admin) throws InterruptedException {
        if (exists(access, admin)) {
            return;
        }
        Map<String, String> all = new HashMap<>(settings);
        all.put("segment.ms", "3600000");
        all.put("min.cleanable.dirty.ratio", "0.1");
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty()).configs(all);
        try {
            access.await(admin.createTopics(List.of(wanted)).all());
        } catch (TopicExistsException _) {
            // another instance was faster
        }
    }

    /**
     * Whether the topic is there.
     *
     * @param access the brokers
     * @param admin asks them
     * @return true when it is
     * @throws InterruptedException when the calling thread is interrupted
     */
    public boolean exists(KafkaAccess access, Admin admin) throws InterruptedException {
        return access.await(admin.listTopics().names()).contains(topic);
    }

    /**
     * The latest value of every key.
     *
     * @param access the brokers
     * @return key to value; nothing where the topic is missing
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Map<String, Map<?, ?>> latest(KafkaAccess access) throws InterruptedException {
        try (Admin admin = access.admin()) {
            if (!exists(access, admin)) {
                return Map.of();
            }
        }
        Map<String, Map<?, ?>> latest = new TreeMap<>();
        try (Consumer<byte[], byte[]> consumer = access.consumer(Map.of())) {
            TopicScan.read(
                    consumer,
                    TopicRange.all(consumer, List.of(topic)),
                    record -> {
                        take(record, latest);
                        return true;
                    });
        }
        return latest;
    }

    /**
     * Writes one value, and waits until the brokers have it.
     *
     * @param producer sends it
     * @param key its key
     * @param value the JSON object, or {@code null} to forget the key
     * @throws InterruptedException when the calling thread is interrupted
     * @throws KafkaException when the brokers refuse
     */
    public void write(Producer<byte[], byte[]> producer, String key, @Nullable Map<String, ?> value)
            throws InterruptedException {
        try {
            producer.send(record(key, value)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException refused
                    ? refused
                    : new KafkaException(e.getCause());
        }
    }

    /** The record that says what {@link #write} says. */
    ProducerRecord<byte[], byte[]> record(String key, @Nullable Map<String, ?> value) {
        return new ProducerRecord<>(
                topic,
                0,
                key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : Json.line(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Updates the latest values by one record; what is no JSON object is passed over. */
    static void take(ConsumerRecord<byte[], byte[]> record, Map<String, Map<?, ?>> latest) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        latest.remove(key);
        if (record.value() == null) {
            return;
        }
        try {
            if (Json.read(new String(record.value(), StandardCharsets.UTF_8))
                    instanceof Map<?, ?> value) {
                latest.put(key, value);
            }
        } catch (JsonProcessingException _) {
            // written by another program: it says nothing to us
        }
    }
}
