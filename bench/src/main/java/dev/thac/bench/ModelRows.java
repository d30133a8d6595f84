package dev.thac.bench;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.PollContext;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows of {@code bench model} that are not ours. */
final class ModelRows {

    private static final int DISTINCT_BODIES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final URI simulator;
    private final int batch;
    private final int inFlight;
    private final List<byte[]> bodies = new ArrayList<>();

    ModelRows(URI simulator, ReviewEvents events, int batch, int inFlight) throws IOException {
        this.simulator = simulator;
        this.batch = batch;
        this.inFlight = inFlight;
        try (HttpClient client = Wire.client()) {
            Wire wire = new Wire(client, simulator);
            for (int i = 0; i < DISTINCT_BODIES; i++) {
                List<byte[]> items = new ArrayList<>();
                for (int j = 0; j < batch; j++) {
                    items.add(events.event(i * batch + j));
                }
                bodies.add(wire.body(items));
            }
        }
    }

    /**
     * No Kafka and no JSON: as many threads as calls in flight, each sending ready-made bodies one
     * after the other and throwing the answers away.
     */
    void httpLoop(Job job) throws IOException, InterruptedException {
        try (HttpClient client = Wire.client()) {
            Wire wire = new Wire(client, simulator);
            int calls = job.records() / batch;
            AtomicInteger next = new AtomicInteger();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> senders = new ArrayList<>();
                for (int i = 0; i < inFlight; i++) {
                    senders.add(
                            threads.submit(
                                    () -> {
                                        int sent = 0;
                                        for (int call = next.getAndIncrement();
                                                call < calls;
                                                call = next.getAndIncrement()) {
                                            wire.send(bodies.get(call % DISTINCT_BODIES));
                                            sent++;
                                        }
                                        return sent;
                                    }));
                }
                int sent = 0;
                for (Future<Integer> sender : senders) {
                    sent += await(sender);
                }
                if (sent != calls) {
                    throw new WrongOutputException("sent " + sent + " calls of " + calls);
                }
            }
        }
    }

    /** A good loop by hand: poll as much as may be in flight, call, await all, write, commit. */
    void waves(Job job) throws IOException, InterruptedException {
        try (HttpClient client = Wire.client();
                KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(job, batch * inFlight);
                KafkaProducer<byte[], byte[]> producer = Clients.producer(job.brokers());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Wire wire = new Wire(client, simulator);
            consumer.subscribe(List.of(job.input()));
            int done = 0;
            while (done < job.records()) {
                List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
                consumer.poll(Duration.ofMillis(100)).forEach(polled::add);
                List<Future<List<ProducerRecord<byte[], byte[]>>>> calls = new ArrayList<>();
                for (int from = 0; from < polled.size(); from += batch) {
                    List<ConsumerRecord<byte[], byte[]>> part =
                            polled.subList(from, Math.min(from + batch, polled.size()));
                    calls.add(threads.submit(() -> judged(wire, part, job.output())));
                }
                List<Future<?>> sent = new ArrayList<>();
                for (Future<List<ProducerRecord<byte[], byte[]>>> call : calls) {
                    for (ProducerRecord<byte[], byte[]> record : await(call)) {
                        sent.add(producer.send(record));
                    }
                }
                producer.flush();
                for (Future<?> acknowledgement : sent) {
                    await(acknowledgement);
                }
                if (!polled.isEmpty()) {
                    consumer.commitSync();
                }
                done += polled.size();
            }
        }
    }

    /** Confluent's parallel-consumer: unordered, batches, writes and awaits each answer. */
    void parallelConsumer(Job job) throws InterruptedException {
        KafkaConsumer<byte[], byte[]> consumer = Clients.classicConsumer(job, 2000);
        KafkaProducer<byte[], byte[]> producer = Clients.producer(job.brokers());
        CountDownLatch done = new CountDownLatch(job.records());
        try (HttpClient client = Wire.client();
                ParallelStreamProcessor<byte[], byte[]> processor =
                        ParallelStreamProcessor.createEosStreamProcessor(
                                ParallelConsumerOptions.<byte[], byte[]>builder()
                                        .consumer(consumer)
                                        .producer(producer)
                                        .ordering(ParallelConsumerOptions.ProcessingOrder.UNORDERED)
                                        .maxConcurrency(inFlight)
                                        .batchSize(batch)
                                        .build())) {
            Wire wire = new Wire(client, simulator);
            processor.subscribe(List.of(job.input()));
            processor.pollAndProduceMany(
                    context -> judged(wire, context, job.output()), _ -> done.countDown());
            if (!done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new WrongOutputException(
                        "parallel-consumer still owes " + done.getCount() + " records");
            }
            processor.closeDrainFirst(Duration.ofSeconds(30));
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> judged(
            Wire wire, PollContext<byte[], byte[]> context, String output) {
        try {
            return judged(wire, context.getConsumerRecordsFlattened(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> judged(
            Wire wire, List<ConsumerRecord<byte[], byte[]>> records, String output)
            throws IOException, InterruptedException {
        List<byte[]> values = wire.judge(records.stream().map(ConsumerRecord::value).toList());
        List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            out.add(
                    new ProducerRecord<>(
                            output, null, record.timestamp(), record.key(), values.get(i)));
        }
        return out;
    }

    private static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException("a call or a write failed", e.getCause());
        }
    }
}
