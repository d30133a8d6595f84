package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Lines;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.trial.Deliveries;
import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.RecordId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Where {@code thac try} takes its events from. Used by one thread. */
sealed interface EventInput extends AutoCloseable {

    /** The next event, or {@code null} after the last. */
    @Nullable Delivery next() throws IOException;

    @Override
    void close() throws IOException;

    /** Events from lines. */
    static EventInput ofLines(
            Terminal terminal, String input, String topic, boolean envelopes, long limit)
            throws IOException {
        return new FromLines(
                Lines.open(terminal, input), input, new Deliveries(topic), topic, envelopes, limit);
    }

    /** The newest records of a topic. */
    static EventInput ofTopic(KafkaAccess access, String topic, int limit) {
        try (Consumer<byte[], byte[]> consumer =
                access.consumer(Map.of("isolation.level", "read_committed"))) {
            return new FromTopic(newest(access, consumer, topic, limit));
        } catch (TimeoutException e) {
            throw access.unreachable(e);
        }
    }

    private static Deque<Delivery> newest(
            KafkaAccess access, Consumer<byte[], byte[]> consumer, String topic, int limit) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "there is no topic " + topic + " at " + access.brokers(),
                    "`thac topics list` shows what is there; --input takes events from a file");
        }
        List<TopicPartition> partitions =
                known.stream().map(each -> new TopicPartition(topic, each.partition())).toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        end.forEach(
                (place, last) ->
                        consumer.seek(
                                place, Math.max(first.getOrDefault(place, 0L), last - limit)));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (end.entrySet().stream()
                .anyMatch(place -> consumer.position(place.getKey()) < place.getValue())) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        Deque<Delivery> deliveries = new ArrayDeque<>();
        records.stream()
                .skip(Math.max(0, records.size() - limit))
                .forEach(record -> deliveries.add(delivery(record)));
        return deliveries;
    }

    private static Delivery delivery(ConsumerRecord<byte[], byte[]> record) {
        return new Delivery(
                new RecordId(record.topic(), record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                Arrays.stream(record.headers().toArray())
                        .map(header -> new Header(header.key(), header.value()))
                        .toList());
    }

    /** Lines of a file or of standard input. */
    final class FromLines implements EventInput {
        private final BufferedReader lines;
        private final String input;
        private final Deliveries deliveries;
        private final String topic;
        private final boolean envelopes;
        private long left;
        private long number;

        FromLines(
                BufferedReader lines,
                String input,
                Deliveries deliveries,
                String topic,
                boolean envelopes,
                long limit) {
            this.lines = lines;
            this.input = input;
            this.deliveries = deliveries;
            this.topic = topic;
            this.envelopes = envelopes;
            this.left = limit;
        }

        @Override
        public @Nullable Delivery next() throws IOException {
            while (left > 0) {
                String line = lines.readLine();
                if (line == null) {
                    return null;
                }
                number++;
                if (!line.isBlank()) {
                    left--;
                    return envelopes ? envelope(line) : event(line);
                }
            }
            return null;
        }

        private Delivery event(String line) {
            return deliveries.next(System.currentTimeMillis(), null, line, List.of());
        }

        private Delivery envelope(String line) {
            ProducerRecord<byte[], byte[]> record =
                    Envelope.record(topic, Lines.json(line, number, input));
            Long timestamp = record.timestamp();
            return deliveries.next(
                    timestamp == null ? System.currentTimeMillis() : timestamp,
                    text(record.key()),
                    text(record.value()),
                    Arrays.stream(record.headers().toArray())
                            .map(header -> new Header(header.key(), header.value()))
                            .toList());
        }

        private static @Nullable String text(byte @Nullable [] bytes) {
            return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /** Records that were read beforehand. */
    final class FromTopic implements EventInput {
        private final Deque<Delivery> deliveries;

        FromTopic(Deque<Delivery> deliveries) {
            this.deliveries = deliveries;
        }

        @Override
        public @Nullable Delivery next() {
            return deliveries.poll();
        }

        @Override
        public void close() {
            deliveries.clear();
        }
    }
}
