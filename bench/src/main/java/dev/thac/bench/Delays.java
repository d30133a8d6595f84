package dev.thac.bench;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * How long events take from their {@code send} to a {@code read_committed} reader of the output,
 * under a steady load. Outputs carry the time of their source record, so one clock does for both
 * ends. Whole milliseconds.
 *
 * @param perSecond events sent a second
 * @param events how many delays were measured
 * @param p50 half of the events took at most so many milliseconds
 * @param p99 99 in a hundred
 * @param max the slowest
 */
record Delays(int perSecond, int events, int p50, int p99, int max) {

    /** One part in that many of the events warms up and is not measured. */
    private static final int WARM_UP = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Sends and reads while a pipeline runs.
     *
     * @param job the topics; the first quarter of its records is not measured
     * @param partitions of both topics
     * @param perSecond how fast to send
     */
    static Delays measure(Job job, int partitions, ReviewEvents events, int perSecond)
            throws InterruptedException {
        int ignored = job.records() / WARM_UP;
        CountDownLatch ready = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<int[]> read = threads.submit(() -> read(job, partitions, ignored, ready));
            ready.await();
            Future<?> written = threads.submit(() -> write(job, partitions, events, perSecond));
            written.get();
            return of(read.get(), perSecond);
        } catch (ExecutionException e) {
            throw new WrongOutputException("the load failed: " + e.getCause(), e);
        }
    }

    /** Of how many events took how many milliseconds. */
    static Delays of(int[] counts, int perSecond) {
        int events = IntStream.of(counts).sum();
        int max = 0;
        for (int millis = 0; millis < counts.length; millis++) {
            max = counts[millis] > 0 ? millis : max;
        }
        return new Delays(
                perSecond,
                events,
                quantile(counts, events, 0.50),
                quantile(counts, events, 0.99),
                max);
    }

    private static int quantile(int[] counts, int events, double share) {
        long wanted = (long) Math.ceil(events * share);
        long sum = 0;
        for (int millis = 0; millis < counts.length; millis++) {
            sum += counts[millis];
            if (sum >= wanted) {
                return millis;
            }
        }
        return counts.length;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is lost is missed by the reader
    private static void write(Job job, int partitions, ReviewEvents events, int perSecond) {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(job.brokers())) {
            long start = System.nanoTime();
            int sent = 0;
            while (sent < job.records()) {
                double seconds = (System.nanoTime() - start) / 1e9;
                int due = (int) Math.min(job.records(), seconds * perSecond);
                for (; sent < due; sent++) {
                    producer.send(
                            new ProducerRecord<>(
                                    job.input(),
                                    sent % partitions,
                                    System.currentTimeMillis(),
                                    events.key(sent),
                                    events.event(sent)));
                }
                LockSupport.parkNanos(500_000);
            }
        }
    }

    private static int[] read(Job job, int partitions, int ignored, CountDownLatch ready) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, job.brokers());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        List<TopicPartition> all =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(job.output(), partition))
                        .toList();
        int[] counts = new int[(int) PATIENCE.toMillis()];
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            all.forEach(consumer::position);
            ready.countDown();
            int seen = 0;
            long last = System.nanoTime();
            while (seen < job.records()) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    last = System.nanoTime();
                    seen++;
                    if (ReviewEvents.index(record.value()) >= ignored) {
                        long delay = System.currentTimeMillis() - record.timestamp();
                        counts[Math.clamp(delay, 0, counts.length - 1)]++;
                    }
                }
                if (System.nanoTime() - last > PATIENCE.toNanos()) {
                    throw new WrongOutputException(
                            "only " + seen + " of " + job.records() + " events came out");
                }
            }
        }
        return counts;
    }
}
