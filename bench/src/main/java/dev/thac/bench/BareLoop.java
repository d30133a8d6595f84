package dev.thac.bench;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The simplest loop that loses nothing: poll, turn each record into one output, send, and once a
 * second flush and commit. What is done to a record in between is the row's.
 */
final class BareLoop {

    private static final int MAX_POLL_RECORDS = 2000;
    private static final long COMMIT_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Function<ConsumerRecord<byte[], byte[]>, ProducerRecord<byte[], byte[]>> step;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    BareLoop(Function<ConsumerRecord<byte[], byte[]>, ProducerRecord<byte[], byte[]>> step) {
        this.step = step;
    }

    /** The same bytes to another topic. */
    static ProducerRecord<byte[], byte[]> copy(
            ConsumerRecord<byte[], byte[]> record, String output) {
        return new ProducerRecord<>(output, null, record.timestamp(), record.key(), record.value());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees what the future would
    void run(Job job) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(job, MAX_POLL_RECORDS);
                KafkaProducer<byte[], byte[]> producer = Clients.producer(job.brokers())) {
            consumer.subscribe(List.of(job.input()));
            int done = 0;
            long lastCommit = System.nanoTime();
            while (done < job.records()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    producer.send(step.apply(record), (_, e) -> failed(e));
                    done++;
                }
                if (System.nanoTime() - lastCommit > COMMIT_EVERY_NANOS) {
                    producer.flush();
                    requireSent();
                    consumer.commitAsync();
                    lastCommit = System.nanoTime();
                }
            }
            producer.flush();
            requireSent();
            consumer.commitSync();
        }
    }

    private void failed(@Nullable Exception e) {
        if (e != null) {
            failure.compareAndSet(null, e);
        }
    }

    private void requireSent() {
        Exception first = failure.get();
        if (first != null) {
            throw new KafkaException("a record was not written", first);
        }
    }
}
