package dev.thac.app.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which dead letters of a topic were sent again already: a compacted topic beside it, one record
 * per partition, written in the transaction that sends them. Used by one thread.
 *
 * <p>Not in the commits of a consumer group, where it would fit neither: brokers forget the commits
 * of a group without members after a week ({@code offsets.retention.minutes}), and take 4 KiB.
 */
final class RedriveProgress {

    /** What is added to the dead-letter topic's name. */
    static final String SUFFIX = ".redrive";

    private final String topic;
    private final String deadLetterTopicId;
    private final Map<Integer, OffsetRuns> done = new TreeMap<>();
    private final Set<Integer> changed = new TreeSet<>();

    private RedriveProgress(String topic, String deadLetterTopicId) {
        this.topic = topic;
        this.deadLetterTopicId = deadLetterTopicId;
    }

    /** The topic that holds it. */
    static String topic(String deadLetterTopic) {
        return deadLetterTopic + SUFFIX;
    }

    /** Creates the topic where it is missing. */
    static void create(KafkaAccess access, Admin admin, String deadLetterTopic)
            throws InterruptedException {
        NewTopic topic =
                new NewTopic(topic(deadLetterTopic), Optional.of(1), Optional.empty())
                        .configs(Map.of("cleanup.policy", "compact"));
        try {
            access.await(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException _) {
            // what is wanted
        }
    }

    /**
     * What is known so far; nothing where the topic is missing, or speaks of an earlier topic of
     * the same name.
     */
    static RedriveProgress read(
            KafkaAccess access,
            Admin admin,
            Consumer<byte[], byte[]> consumer,
            TopicRange deadLetters,
            String deadLetterTopic)
            throws InterruptedException {
        String id =
                access.await(admin.describeTopics(List.of(deadLetterTopic)).allTopicNames())
                        .values()
                        .iterator()
                        .next()
                        .topicId()
                        .toString();
        RedriveProgress progress = new RedriveProgress(topic(deadLetterTopic), id);
        if (access.await(admin.listTopics().names()).contains(progress.topic)) {
            TopicScan.read(
                    consumer,
                    TopicRange.all(consumer, List.of(progress.topic)),
                    record -> {
                        progress.take(record);
                        return true;
                    });
        }
        deadLetters
                .from()
                .forEach(
                        (place, first) -> {
                            OffsetRuns runs = progress.done.get(place.partition());
                            if (runs != null) {
                                runs.forgetBelow(first);
                            }
                        });
        return progress;
    }

    /** Whether a dead letter was sent again already. */
    boolean contains(DeadLetter letter) {
        OffsetRuns runs = done.get(letter.place().partition());
        return runs != null && runs.contains(letter.place().offset());
    }

    /** Notes one that is being sent. */
    void add(DeadLetter letter) {
        int partition = letter.place().partition();
        done.computeIfAbsent(partition, _ -> new OffsetRuns()).add(letter.place().offset());
        changed.add(partition);
    }

    /** The records that make what was noted durable; once. */
    List<ProducerRecord<byte[], byte[]>> changes() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition : changed) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("v", 1);
            tree.put("topicId", deadLetterTopicId);
            tree.put("redriven", done.getOrDefault(partition, new OffsetRuns()).lengths());
            records.add(
                    new ProducerRecord<>(
                            topic,
                            0,
                            Integer.toString(partition).getBytes(StandardCharsets.UTF_8),
                            Json.line(tree).getBytes(StandardCharsets.UTF_8)));
        }
        changed.clear();
        return records;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        try {
            int partition = Integer.parseInt(new String(record.key(), StandardCharsets.UTF_8));
            Object value = Json.read(new String(record.value(), StandardCharsets.UTF_8));
            if (value instanceof Map<?, ?> tree
                    && Integer.valueOf(1).equals(tree.get("v"))
                    && tree.get("redriven") instanceof List<?> lengths) {
                if (deadLetterTopicId.equals(tree.get("topicId"))) {
                    done.put(
                            partition,
                            OffsetRuns.of(
                                    lengths.stream()
                                            .map(each -> ((Number) each).longValue())
                                            .toList()));
                }
                return;
            }
            throw foreign(record, null);
        } catch (JsonProcessingException | ClassCastException | NumberFormatException e) {
            throw foreign(record, e);
        }
    }

    private UserError foreign(ConsumerRecord<byte[], byte[]> record, @Nullable Exception e) {
        return new UserError(
                ExitCode.FAILED,
                topic
                        + " holds a record that no redrive of this version wrote, at offset "
                        + record.offset(),
                "without it nobody knows what was sent again: nothing is sent",
                e);
    }
}
