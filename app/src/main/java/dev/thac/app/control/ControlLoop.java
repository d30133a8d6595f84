package dev.thac.app.control;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.UserError;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineState;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Does what {@code thac.control} says with the pipelines of this process, and reports them to
 * {@code thac.status}. One thread owns the clients, what is known and the replays. Where the
 * brokers refuse the topics, the pipelines go on without; that is said once.
 */
public final class ControlLoop {

    private static final Logger LOGGER = LoggerFactory.getLogger(ControlLoop.class);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final Duration REPORT = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofSeconds(20);

    private final KafkaAccess access;
    private final String instance;
    private final Supplier<List<Controlled>> pipelines;
    private final Talk talk;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private boolean complained;

    /** Who hears what this has to say. Called on this loop's thread. */
    public interface Talk {
        /**
         * Something the operator should know.
         *
         * @param line one line
         */
        void say(String line);
    }

    private ControlLoop(
            KafkaAccess access, String instance, Supplier<List<Controlled>> pipelines, Talk talk) {
        this.access = access;
        this.instance = instance;
        this.pipelines = pipelines;
        this.talk = talk;
        this.thread = Thread.ofPlatform().name("thac-control").daemon(true).unstarted(this::run);
    }

    /**
     * Starts to follow.
     *
     * @param access the brokers
     * @param instance this process' name
     * @param pipelines what runs here now
     * @param talk who hears of trouble and of what is done
     * @return the running loop
     */
    public static ControlLoop start(
            KafkaAccess access, String instance, Supplier<List<Controlled>> pipelines, Talk talk) {
        ControlLoop loop = new ControlLoop(access, instance, pipelines, talk);
        loop.thread.start();
        return loop;
    }

    /**
     * What is wanted now, for pipelines that are about to start.
     *
     * @param access the brokers
     * @return the latest entries of {@code thac.control}; none where they cannot be read, which a
     *     loop that is started then says
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static Map<String, Map<?, ?>> desired(KafkaAccess access) throws InterruptedException {
        try {
            return CompactedTopic.CONTROL.latest(access);
        } catch (KafkaException | UserError e) {
            LOGGER.debug("the control topic cannot be read", e);
            return Map.of();
        }
    }

    /** Asks for the end: replays of this process stop, and its reports are taken back. */
    public void requestStop() {
        ended.countDown();
    }

    /**
     * Waits for the end.
     *
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void awaitStop() throws InterruptedException {
        thread.join();
    }

    private void run() {
        try {
            while (ended.getCount() > 0) {
                try {
                    follow();
                } catch (RuntimeException e) { // the top frame of the thread; begun anew below
                    complain(e);
                    boolean _ = ended.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(RuntimeException e) {
        if (!complained) {
            talk.say(
                    "pause, resume, replay and status do not reach this process: "
                            + e.getMessage());
        }
        complained = true;
        LOGGER.debug("the control topic cannot be followed", e);
    }

    private void follow() throws InterruptedException {
        Map<String, Object> client = Map.of("client.id", "thac-control-" + instance);
        try (Admin admin = access.admin()) {
            CompactedTopic.CONTROL.create(access, admin);
            CompactedTopic.STATUS.create(access, admin);
            try (Consumer<byte[], byte[]> consumer = access.consumer(client);
                    Producer<byte[], byte[]> producer = access.producer(client)) {
                StatusReport report = new StatusReport(producer, instance);
                Replays replays = new Replays(access, admin, producer, report, talk);
                try {
                    turn(consumer, report, replays);
                } finally {
                    replays.stop();
                    report.withdraw();
                }
            }
        }
    }

    private void turn(Consumer<byte[], byte[]> consumer, StatusReport report, Replays replays)
            throws InterruptedException {
        TopicPartition place = new TopicPartition(CompactedTopic.CONTROL.topic(), 0);
        consumer.assign(List.of(place));
        consumer.seekToBeginning(List.of(place));
        long known = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
        Map<String, Map<?, ?>> latest = new TreeMap<>();
        Map<PipelineRuntime, Boolean> paused = new HashMap<>();
        long reported = System.nanoTime() - REPORT.toNanos();
        while (ended.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                CompactedTopic.take(record, latest);
            }
            if (consumer.position(place) < known) {
                continue; // what was meant last is not read yet
            }
            List<Controlled> now = pipelines.get();
            now.forEach(each -> apply(each, latest, paused));
            paused.keySet().retainAll(now.stream().map(Controlled::runtime).toList());
            replays.follow(now, latest);
            if (System.nanoTime() - reported >= REPORT.toNanos()) {
                reported = System.nanoTime();
                now.forEach(report::write);
                replays.report();
            }
        }
    }

    private void apply(
            Controlled each, Map<String, Map<?, ?>> latest, Map<PipelineRuntime, Boolean> paused) {
        PipelineRuntime runtime = each.runtime();
        runtime.budgets(BudgetOrders.of(latest));
        boolean wanted = DesiredState.paused(latest, runtime.pipeline());
        boolean now =
                paused.computeIfAbsent(
                        runtime, _ -> runtime.status().state() == PipelineState.PAUSED);
        if (wanted != now) {
            paused.put(runtime, wanted);
            if (wanted) {
                runtime.pause();
            } else {
                runtime.resume();
            }
            talk.say("pipeline " + runtime.pipeline() + (wanted ? " is paused" : " goes on"));
        }
    }
}
