package dev.thac.kafka;

import dev.thac.cost.Ledger;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Hands the ledger's topic to the books of this process, record after record, on a thread of its
 * own: from the start of the earliest period that matters, then on for ever. Creates the topic
 * where it is missing. What cannot be read is tried again, and calls wait for it.
 */
final class LedgerReader {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration END = Duration.ofSeconds(2);
    private static final long AGAIN_MILLIS = 1_000;
    private static final long NOWHERE = -1;

    private final LedgerSettings settings;
    private final Ledger ledger;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Client client;
    private final TopicPartition partition;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /** Of the reader's thread alone. */
    private boolean topicKnown;

    private long position = NOWHERE;
    private long goal;
    private Ledger.@Nullable Unread catchingUp;

    /** Who wants to know; called on the reader's thread. */
    interface Client {
        /** The topic is being read. */
        void reading();

        /** The topic cannot be read now. */
        void trouble(Exception cause);
    }

    LedgerReader(
            LedgerSettings settings,
            Ledger ledger,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Client client) {
        this.settings = settings;
        this.ledger = ledger;
        this.consumers = consumers;
        this.client = client;
        this.partition = new TopicPartition(settings.topic(), 0);
        this.thread = Thread.ofPlatform().name("thac-ledger-reader").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends; returns when the thread has ended, or soon after if it cannot. */
    void end() throws InterruptedException {
        ended.countDown();
        Consumer<byte[], byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
        thread.join(END.multipliedBy(2));
        thread.interrupt(); // where it waits for brokers that do not answer
    }

    private void run() {
        try {
            while (ended.getCount() > 0) {
                try {
                    turn();
                } catch (WakeupException _) { // asked to end
                } catch (RuntimeException e) { // the top frame of the thread
                    client.trouble(e);
                    closeConsumer();
                    ledger.tend();
                    boolean _ = ended.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) { // the end, and the brokers do not answer
            Thread.currentThread().interrupt();
        } finally {
            closeConsumer();
        }
    }

    private void turn() throws InterruptedException {
        Consumer<byte[], byte[]> open = open();
        Ledger.Unread wanted = ledger.unread().orElse(null);
        if (wanted != null && !covered(wanted)) {
            goBack(open, wanted);
        }
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            if (record.key() != null && record.value() != null) {
                ledger.read(new String(record.key(), StandardCharsets.UTF_8), record.value());
            }
            position = record.offset() + 1;
        }
        position = Math.max(position, open.position(partition, ANSWER));
        Ledger.Unread reached = catchingUp;
        if (reached != null && position >= goal) {
            catchingUp = null;
            ledger.caughtUp(reached);
        }
        ledger.tend();
        client.reading();
    }

    private boolean covered(Ledger.Unread wanted) {
        Ledger.Unread underWay = catchingUp;
        return underWay != null && underWay.budgets().containsAll(wanted.budgets());
    }

    /** Reads anew from the earliest record that matters, if that lies behind. */
    private void goBack(Consumer<byte[], byte[]> open, Ledger.Unread wanted) {
        goal = end(open.endOffsets(List.of(partition), ANSWER));
        OffsetAndTimestamp found =
                open.offsetsForTimes(Map.of(partition, wanted.since().toEpochMilli()), ANSWER)
                        .get(partition);
        long from = found == null ? goal : found.offset();
        position = position == NOWHERE ? from : Math.min(position, from);
        open.seek(partition, position);
        catchingUp = wanted;
    }

    private Consumer<byte[], byte[]> open() throws InterruptedException {
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            prepareTopic();
            open = consumers.get();
            consumer = open;
            open.assign(List.of(partition));
            if (position == NOWHERE) {
                position = end(open.endOffsets(List.of(partition), ANSWER));
                catchingUp = null;
            }
            open.seek(partition, position);
        }
        return open;
    }

    /** A topic that has no one order, or forgets too soon, would let budgets be passed. */
    private void prepareTopic() throws InterruptedException {
        if (topicKnown) {
            return;
        }
        try (Topics topics =
                Topics.open(settings.brokers(), settings.kafka(), settings.clientId("admin"))) {
            OptionalInt partitions = topics.partitions(settings.topic());
            if (partitions.isEmpty()) {
                topics.create(settings.topic(), LedgerTopic.PARTITIONS, LedgerTopic.TOPIC_SETTINGS);
            } else {
                checkTopic(topics, partitions.getAsInt());
            }
            topicKnown = true;
        }
    }

    private void checkTopic(Topics topics, int partitions) throws InterruptedException {
        String topic = settings.topic();
        if (partitions != LedgerTopic.PARTITIONS) {
            throw unfit("it has " + partitions + " partitions and must have one");
        }
        String policy = topics.setting(topic, "cleanup.policy").orElse("delete");
        long retention = Long.parseLong(topics.setting(topic, "retention.ms").orElse("-1"));
        if (!policy.equals("delete")) {
            throw unfit("its cleanup.policy is " + policy + " and must be delete");
        }
        if (retention >= 0 && retention < LedgerTopic.LEAST_RETENTION.toMillis()) {
            throw unfit(
                    "its retention.ms is %d and must be at least %d, longer than any period"
                            .formatted(retention, LedgerTopic.LEAST_RETENTION.toMillis()));
        }
    }

    private static ThacException unfit(String what) {
        return new ThacException(ErrorCode.KAFKA_UNFIT, what);
    }

    private void closeConsumer() {
        Consumer<byte[], byte[]> old = consumer;
        consumer = null;
        if (old != null) {
            try {
                old.close(CloseOptions.timeout(END));
            } catch (KafkaException e) { // it is closed all the same
                client.trouble(e);
            }
        }
    }

    private long end(Map<TopicPartition, Long> ends) {
        Long end = ends.get(partition);
        if (end == null) {
            throw new IllegalStateException("no end of " + partition);
        }
        return end;
    }
}
