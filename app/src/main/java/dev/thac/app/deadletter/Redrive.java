package dev.thac.app.deadletter;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Sends dead letters on their way again, into the first retry topic of their pipeline, or, those of
 * a sink, into the sink's own. Records and the note that they were sent are one transaction, so
 * that none is sent twice, also when this is interrupted and started again; of two at the same time
 * the older one is shut out.
 *
 * @param access the brokers
 * @param pipeline the pipeline
 * @param deadLetters its dead-letter topic
 * @param retry where they go
 * @param selection which of them
 * @param maxRedrives how often the same event may be sent again
 */
public record Redrive(
        KafkaAccess access,
        String pipeline,
        String deadLetters,
        RetryTargets retry,
        Selection selection,
        int maxRedrives) {

    private static final int MAX_BATCH = 500;
    private static final Map<String, Object> COMMITTED =
            Map.of("isolation.level", "read_committed");

    /** What becomes of a dead letter that was looked at. */
    public enum Fate {
        /** It is sent. */
        SENT,
        /** It was sent before. */
        SENT_BEFORE,
        /** It came back too often. */
        LOOP,
        /** Its value was too large to be kept. */
        WITHOUT_VALUE,
        /** There is no topic to send it to. */
        WITHOUT_TARGET,
        /** It does not say where it came from. */
        WITHOUT_SOURCE,
        /** It is not meant. */
        NOT_SELECTED
    }

    /**
     * What a redrive came to.
     *
     * @param fates how many of each fate
     * @param sent those that are sent, by reason and stage
     * @param scan how much was looked at
     */
    public record Result(Map<Fate, Long> fates, DeadLetterCounts sent, TopicScan scan) {
        /**
         * How many have one fate.
         *
         * @param fate which
         * @return a count
         */
        public long count(Fate fate) {
            return fates.getOrDefault(fate, 0L);
        }
    }

    /**
     * Looks what would be done, and does nothing.
     *
     * @param max most to send
     * @return what it would come to
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Result preview(long max) throws InterruptedException {
        try (Admin admin = access.admin();
                Consumer<byte[], byte[]> consumer = access.consumer(COMMITTED)) {
            TopicRange range = TopicRange.all(consumer, List.of(deadLetters));
            RedriveProgress progress =
                    RedriveProgress.read(access, admin, consumer, range, deadLetters);
            return scan(consumer, range, progress, max, _ -> true);
        }
    }

    /**
     * Does it.
     *
     * @param max most to send
     * @param rate most to send in a second
     * @param shutdown ends it after the batch at hand
     * @return what it came to
     * @throws InterruptedException when the calling thread is interrupted
     * @throws UserError when another redrive of the pipeline was started meanwhile
     */
    public Result execute(long max, double rate, Shutdown shutdown) throws InterruptedException {
        Map<String, Object> transactional =
                Map.of("transactional.id", "thac-" + pipeline + "-redrive");
        try (Admin admin = access.admin();
                Producer<byte[], byte[]> producer = access.producer(transactional);
                Consumer<byte[], byte[]> consumer = access.consumer(COMMITTED)) {
            RedriveProgress.create(access, admin, deadLetters);
            // ends what an earlier redrive left open: what is read now is all there is
            producer.initTransactions();
            TopicRange range = TopicRange.all(consumer, List.of(deadLetters));
            RedriveProgress progress =
                    RedriveProgress.read(access, admin, consumer, range, deadLetters);
            RedriveBatch batch = new RedriveBatch(producer, progress, retry);
            int size = (int) Math.clamp(rate, 1, MAX_BATCH);
            Result result =
                    scan(
                            consumer,
                            range,
                            progress,
                            max,
                            letter -> {
                                batch.add(letter);
                                return batch.size() < size || !shutdown.await(batch.commit(rate));
                            });
            batch.commit(rate);
            return result;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new UserError(
                    ExitCode.PARTLY,
                    "another redrive of " + pipeline + " was started: this one ends",
                    "what this one had not committed is left to the other",
                    e);
        }
    }

    private Result scan(
            Consumer<byte[], byte[]> consumer,
            TopicRange range,
            RedriveProgress progress,
            long max,
            Sender sender)
            throws InterruptedException {
        Map<Fate, Long> fates = new EnumMap<>(Fate.class);
        DeadLetterCounts sent = new DeadLetterCounts();
        TopicScan scan =
                TopicScan.read(
                        consumer,
                        range,
                        record -> {
                            DeadLetter letter = new DeadLetter(record);
                            Fate fate = fate(letter, progress);
                            fates.merge(fate, 1L, Long::sum);
                            if (fate != Fate.SENT) {
                                return true;
                            }
                            sent.add(letter);
                            return sender.send(letter) && sent.total() < max;
                        });
        return new Result(fates, sent, scan);
    }

    private Fate fate(DeadLetter letter, RedriveProgress progress) {
        if (!selection.holds(letter)) {
            return Fate.NOT_SELECTED;
        }
        if (progress.contains(letter)) {
            return Fate.SENT_BEFORE;
        }
        if (letter.source().isEmpty()) {
            return Fate.WITHOUT_SOURCE;
        }
        if (letter.truncated()) {
            return Fate.WITHOUT_VALUE;
        }
        if (retry.of(letter).isEmpty()) {
            return Fate.WITHOUT_TARGET;
        }
        return letter.redrives() >= maxRedrives ? Fate.LOOP : Fate.SENT;
    }

    private interface Sender {
        /** Sends one; false to end. */
        boolean send(DeadLetter letter) throws InterruptedException;
    }
}
