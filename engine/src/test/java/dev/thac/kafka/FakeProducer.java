package dev.thac.kafka;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * A producer of one simulated process, transactional or not. Requests take time and fail at random:
 * refused, without effect, or with effect and without a reply.
 */
final class FakeProducer implements Producer<byte[], byte[]> {

    private static final long MAX_BLOCK = 15 * Agenda.SECOND;

    private final SimulatedProcess process;
    private final FakeBrokers brokers;
    private final String id;
    private final Set<Sending> sendings = new LinkedHashSet<>();
    private State state = State.NEW;
    private int epoch;
    private long arrival;
    private boolean committed;
    private @Nullable RuntimeException error;

    private enum State {
        NEW,
        READY,
        OPEN,
        ABORTABLE,
        COMMITTING,
        FATAL,
        CLOSED
    }

    private record Sending(
            ProducerRecord<byte[], byte[]> record,
            @Nullable Callback callback,
            CompletableFuture<RecordMetadata> future) {

        private void end(@Nullable Exception failure) {
            if (callback != null) {
                TopicPartition partition = new TopicPartition(record.topic(), 0);
                callback.onCompletion(
                        new RecordMetadata(partition, 0, 0, record.timestamp(), 0, 0), failure);
            }
            if (failure == null) {
                boolean _ =
                        future.complete(
                                new RecordMetadata(
                                        new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0));
            } else {
                boolean _ = future.completeExceptionally(failure);
            }
        }
    }

    FakeProducer(SimulatedProcess process, FakeBrokers brokers, String id) {
        this.process = process;
        this.brokers = brokers;
        this.id = id;
    }

    @Override
    public void initTransactions() {
        process.enter("initTransactions");
        process.spend(brokers.latency());
        if (brokers.trouble()) {
            throw process.fault(new TimeoutException("no reply to initTransactions"));
        }
        epoch = brokers.transactions.start(id);
        state = State.READY;
    }

    @Override
    public void beginTransaction() {
        process.enter("beginTransaction");
        alive();
        require(state == State.READY, "beginTransaction");
        state = State.OPEN;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(
            ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        process.enter("send");
        if (transactional()) {
            alive();
            if (state == State.ABORTABLE) {
                throw new KafkaException("in an error state", error);
            }
            require(state == State.OPEN, "send");
        }
        Sending sending = new Sending(record, callback, new CompletableFuture<>());
        if (tooLarge(record) && brokers.agenda.chance(0.5)) {
            refuse(sending, process.fault(new RecordTooLargeException("too large to be sent")));
        } else {
            sendings.add(sending);
            arrival = Math.max(arrival, brokers.agenda.now() + brokers.latency());
            brokers.agenda.after(arrival - brokers.agenda.now(), () -> arrive(sending));
        }
        return sending.future;
    }

    /** The record reaches the broker. The process may have died meanwhile. */
    private void arrive(Sending sending) {
        if (!sendings.remove(sending)) {
            return;
        }
        if (tooLarge(sending.record)) {
            refuse(sending, process.fault(new RecordTooLargeException("refused by the broker")));
        } else if (transactional() && brokers.transactions.fenced(id, epoch)) {
            state = State.FATAL;
            refuse(sending, process.fault(new ProducerFencedException("fenced")));
        } else {
            boolean trouble = brokers.trouble();
            if (!trouble || brokers.agenda.chance(0.5)) {
                write(sending.record);
            }
            if (trouble) {
                process.resent = true;
                refuse(sending, process.fault(new TimeoutException("not acknowledged in time")));
            } else {
                sending.end(null);
            }
        }
        process.wake();
    }

    private void write(ProducerRecord<byte[], byte[]> record) {
        if (transactional()) {
            brokers.transactions.write(id, record);
        } else {
            brokers.audit.written(record);
        }
    }

    private void refuse(Sending sending, RuntimeException why) {
        if (transactional() && state == State.OPEN) {
            state = State.ABORTABLE;
            error = why;
        }
        sending.end(why);
    }

    private static boolean tooLarge(ProducerRecord<byte[], byte[]> record) {
        return record.value() != null && record.value().length > SimulationPlan.MAX_VALUE;
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
        process.enter("sendOffsetsToTransaction");
        usable("sendOffsetsToTransaction");
        brokers.audit.wellFormed(process, offsets);
        process.spend(brokers.latency());
        usable("sendOffsetsToTransaction");
        fencedIsFatal();
        if (!brokers.group.accepts(metadata)) {
            throw abortable(new CommitFailedException("not a member any more"));
        }
        if (brokers.trouble()) {
            switch (brokers.agenda.pick(3)) {
                case 0 -> throw abortable(new CommitFailedException("another generation"));
                case 1 -> throw abortable(new TransactionAbortableException("try again"));
                default -> {
                    brokers.transactions.offsets(id, offsets);
                    process.spend(MAX_BLOCK);
                    throw process.fault(new TimeoutException("no reply to the offsets"));
                }
            }
        }
        brokers.transactions.offsets(id, offsets);
    }

    @Override
    public void commitTransaction() {
        process.enter("commitTransaction");
        alive();
        if (state == State.COMMITTING) {
            awaitReply();
            return;
        }
        usable("commitTransaction");
        process.await(MAX_BLOCK, sendings::isEmpty);
        process.spend(brokers.latency());
        usable("commitTransaction");
        fencedIsFatal();
        if (!brokers.trouble()) {
            brokers.transactions.commit(id);
            state = State.READY;
            process.spend(brokers.latency());
            return;
        }
        if (brokers.agenda.chance(0.3)) {
            throw abortable(new TransactionAbortableException("try again"));
        }
        state = State.COMMITTING;
        committed = false;
        if (brokers.agenda.chance(0.5)) {
            brokers.transactions.commit(id);
            committed = true;
        } else {
            long number = brokers.transactions.open(id);
            brokers.agenda.after(
                    brokers.agenda.between(Agenda.SECOND, 40 * Agenda.SECOND), () -> late(number));
        }
        process.spend(MAX_BLOCK);
        throw process.fault(new TimeoutException("no reply to the commit"));
    }

    /** The commit nobody waits for any more reaches the broker. */
    private void late(long number) {
        if (!brokers.transactions.fenced(id, epoch) && brokers.transactions.ongoing(id, number)) {
            brokers.transactions.commit(id);
            committed = true;
        }
    }

    private void awaitReply() {
        process.await(MAX_BLOCK, () -> committed || brokers.transactions.fenced(id, epoch));
        if (!committed) {
            fencedIsFatal();
        }
        if (!committed || brokers.trouble()) {
            throw process.fault(new TimeoutException("still no reply to the commit"));
        }
        state = State.READY;
    }

    @Override
    public void abortTransaction() {
        process.enter("abortTransaction");
        alive();
        if (state == State.COMMITTING) {
            brokers.audit.fail(process + " aborts a transaction whose commit was asked for");
        }
        require(state == State.OPEN || state == State.ABORTABLE, "abortTransaction");
        List<Sending> unsent = List.copyOf(sendings);
        sendings.clear();
        unsent.forEach(sending -> sending.end(new TransactionAbortedException()));
        state = State.ABORTABLE;
        process.spend(brokers.latency());
        fencedIsFatal();
        if (brokers.trouble()) {
            process.spend(MAX_BLOCK);
            throw process.fault(new TimeoutException("no reply to the abort"));
        }
        brokers.transactions.abort(id);
        state = State.READY;
    }

    @Override
    public void close(Duration timeout) {
        process.enter("producer.close");
        boolean unfinished = state == State.OPEN || state == State.ABORTABLE;
        if (unfinished && !brokers.transactions.fenced(id, epoch)) {
            brokers.transactions.abort(id);
        }
        if (transactional()) {
            sendings.clear();
        } else {
            process.await(timeout.toNanos(), sendings::isEmpty);
        }
        state = State.CLOSED;
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private boolean transactional() {
        return state != State.NEW || epoch > 0;
    }

    private void usable(String call) {
        alive();
        if (state == State.ABORTABLE) {
            throw new KafkaException("in an error state", error);
        }
        require(state == State.OPEN, call);
    }

    private void alive() {
        if (state == State.FATAL) {
            throw new ProducerFencedException("fenced");
        }
    }

    private void fencedIsFatal() {
        if (brokers.transactions.fenced(id, epoch)) {
            process.faults++;
            state = State.FATAL;
            throw new ProducerFencedException("fenced");
        }
    }

    private RuntimeException abortable(RuntimeException why) {
        state = State.ABORTABLE;
        error = why;
        return process.fault(why);
    }

    private void require(boolean held, String call) {
        if (!held) {
            throw new IllegalStateException(call + " of a producer that is " + state);
        }
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
        process.await(MAX_BLOCK, sendings::isEmpty);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw new UnsupportedOperationException();
    }
}
