package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cascade.Answers;
import dev.thac.event.Delivery;
import dev.thac.event.Earlier;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.TokenUsage;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;
import dev.thac.spec.DataSize;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What one instance has paid for, another knows. */
class JournalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static EmbeddedKafka kafka;

    private final String topic = "j" + TOPICS.incrementAndGet() + ".journal";
    private final Meters meters = new Meters();
    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private final List<Journal> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void begin() {
        kafka.createTopic(topic, 2);
    }

    @AfterEach
    void end() {
        open.forEach(Journal::close);
    }

    @Test
    void answersOfUnfinishedEventsAreFoundAndLeaveWithTheirEvents() throws Exception {
        Instant before = Instant.now();
        write(0, 5, 8, 9);
        Journal journal = journal();
        Recovery lane = journal.recovery();

        begin(lane, new Recovery.Unfinished("in", 0, 5, Set.of(8L)::contains, before));

        assertThat(journal.held()).isEqualTo(2);
        assertThat(journal.find(asked(5))).contains(answer(5));
        assertThat(journal.find(asked(9))).contains(answer(9));
        assertThat(journal.find(asked(0))).isEmpty();
        assertThat(journal.find(asked(8))).isEmpty();
        assertThat(journal.find(new Answers.Asked(id(5), 0, "mood", "small", "ff"))).isEmpty();

        journal.settled(event(5));
        assertThat(journal.held()).isOne();
        assertThat(journal.find(asked(5))).isEmpty();
        lane.end("in", 0);
        assertThat(journal.held()).isZero();
        assertThat(troubles).isEmpty();
    }

    @Test
    void anotherSourceTopicAndAnotherPartitionAreOtherEvents() throws Exception {
        keep(new RecordId("other", 0, 7), 1);
        keep(new RecordId("in", 1, 7), 2);
        keep(id(7), 3);
        Journal journal = journal();

        begin(journal.recovery(), unfinished(0, Instant.EPOCH));

        assertThat(journal.held()).isOne();
        assertThat(journal.find(asked(7))).contains(answer(3));
    }

    @Test
    void answersThatComeLateAreFoundUntilTheirEventsAreSettled() throws Exception {
        Journal journal = journal();
        begin(journal.recovery(), unfinished(0, Instant.now()));
        journal.settled(event(1));

        write(1, 2);

        await().atMost(PATIENCE).until(() -> journal.find(asked(2)).isPresent());
        assertThat(journal.find(asked(1))).isEmpty();
        assertThat(journal.held()).isOne();
        journal.settled(event(2));
        assertThat(journal.held()).isZero();
    }

    @Test
    void whatIsNoAnswerIsSkippedAndCounted() throws Exception {
        write(1);
        try (TopicWriter raw = new TopicWriter(kafka.bootstrapServers())) {
            byte[] key = JournalRecord.key(asked(2));
            for (String value : List.of("{\"v\":1", "{\"v\":2,\"fields\":{}}", "[]", "")) {
                raw.acknowledged(new ProducerRecord<>(topic, 0, key, bytes(value)));
            }
            raw.acknowledged(new ProducerRecord<>(topic, 0, key, null));
            raw.acknowledged(new ProducerRecord<>(topic, 0, bytes("in-0|x"), bytes("{}")));
            raw.acknowledged(new ProducerRecord<>(topic, 0, null, bytes("{}")));
        }
        write(3);
        Journal journal = journal();

        begin(journal.recovery(), unfinished(0, Instant.EPOCH));

        assertThat(journal.held()).isEqualTo(2);
        assertThat(meters.value(Metric.JOURNAL_SKIPPED, "p")).isEqualTo(7);
    }

    @Test
    void whatFinishedLongAgoIsNotRead() throws Exception {
        long old = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
        try (TopicWriter raw = new TopicWriter(kafka.bootstrapServers())) {
            for (int i = 0; i < 10; i++) {
                raw.acknowledged(
                        new ProducerRecord<>(
                                topic, 0, old, JournalRecord.key(asked(i)), bytes("old")));
            }
        }
        Journal journal = journal();

        begin(journal.recovery(), unfinished(0, Instant.now()));

        assertThat(meters.value(Metric.JOURNAL_SKIPPED, "p")).isZero();
        begin(journal.recovery(), unfinished(0, Instant.EPOCH));
        assertThat(meters.value(Metric.JOURNAL_SKIPPED, "p")).isEqualTo(10);
    }

    @Test
    void moreThanFitsIsLeftOutAndSaid() throws Exception {
        write(IntStream.range(0, 20).toArray());
        Journal journal = journal(meters, 2_000);

        begin(journal.recovery(), unfinished(0, Instant.EPOCH));

        assertThat(journal.held()).isBetween(1, 10);
        assertThat(troubles).singleElement().asString().contains("limits.openBytes");
    }

    @Test
    void aPartitionThatTheJournalLacksHasNoAnswersAndTakesNone() throws Exception {
        Journal journal = journal();
        begin(journal.recovery(), new Recovery.Unfinished("in", 2, 0, _ -> false, Instant.EPOCH));
        journal.keep(
                new Answers.Asked(new RecordId("in", 2, 0), 0, "mood", "small", "00"), answer(1));

        await().atMost(PATIENCE)
                .until(() -> meters.value(Metric.JOURNAL_WRITES, "p", "failed") == 1);
        assertThat(troubles).singleElement().asString().contains("has no partition 2");
    }

    @Test
    void answersGivenAfterARetryTopicAreFoundForItsPartition() throws Exception {
        keep(asked(7), 1);
        keep(new Answers.Asked(id(7), 1, "mood", "small", "00"), 2);
        keep(new Answers.Asked(id(8), 2, "mood", "small", "00"), 3);
        Journal journal = journal();
        Recovery lane = journal.recovery();

        begin(lane, new Recovery.Unfinished("p.retry.1m", 0, 0, _ -> false, Instant.EPOCH));

        Answers.Asked again = new Answers.Asked(id(7), 1, "mood", "small", "00");
        assertThat(journal.find(again)).contains(answer(2));
        assertThat(journal.held()).isOne();
        Earlier earlier =
                new Earlier(
                        1,
                        1,
                        0,
                        Optional.empty(),
                        Money.ZERO,
                        0,
                        Earlier.Reported.NOTHING,
                        List.of());
        journal.settled(new Delivery(id(7), 0, null, null, List.of(), earlier));
        assertThat(journal.held()).isZero();
        keep(again, 2);
        keep(new Answers.Asked(id(9), 1, "mood", "small", "00"), 4);
        await().atMost(PATIENCE).until(() -> journal.held() == 1);
        assertThat(journal.find(again)).isEmpty();
        lane.end("p.retry.1m", 0);
        assertThat(journal.held()).isZero();
    }

    @Test
    void whatALaneLeavesLateIsNotTakenFromTheLaneThatHasIt() throws Exception {
        write(1);
        Journal journal = journal();
        Recovery former = journal.recovery();
        Recovery present = journal.recovery();
        begin(former, unfinished(0, Instant.EPOCH));
        begin(present, unfinished(0, Instant.EPOCH));

        former.end("in", 0);

        assertThat(journal.find(asked(1))).isPresent();
    }

    @Test
    void aHundredThousandAnswersOfWhichFewAreWantedAreReadWithinSeconds() throws Exception {
        try (KafkaProducer<byte[], byte[]> raw =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < 100_000; i++) {
                byte[] value = JournalRecord.value(answer(i));
                Future<RecordMetadata> _ =
                        raw.send(
                                new ProducerRecord<>(topic, 0, JournalRecord.key(asked(i)), value));
            }
        }
        Journal journal = journal();
        long begun = System.nanoTime();

        begin(journal.recovery(), unfinished(99_000, Instant.EPOCH));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        assertThat(journal.held()).isEqualTo(1_000);
    }

    @Test
    void whileTheJournalCannotBeReadItsEventsWait() throws Exception {
        write(1);
        kafka.stop();
        CountDownLatch ready = new CountDownLatch(1);
        Journal journal = journal();
        journal.recovery().begin(unfinished(0, Instant.EPOCH), ready::countDown);
        await().atMost(PATIENCE)
                .until(() -> troubles.stream().anyMatch(each -> each.contains("events wait")));
        assertThat(ready.getCount()).isOne();

        kafka.restart();

        assertThat(ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(journal.find(asked(1))).isPresent();
    }

    private static void begin(Recovery lane, Recovery.Unfinished unfinished) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        lane.begin(unfinished, ready::countDown);
        assertThat(ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static Recovery.Unfinished unfinished(long from, Instant since) {
        return new Recovery.Unfinished("in", 0, from, _ -> false, since);
    }

    /** Keeps an answer for each of these events, and waits until they are in the journal. */
    private void write(int... offsets) {
        for (int offset : offsets) {
            keep(id(offset), offset);
        }
    }

    private void keep(RecordId event, int cost) {
        keep(new Answers.Asked(event, 0, "mood", "small", "00"), cost);
    }

    private void keep(Answers.Asked asked, int cost) {
        Meters mine = new Meters();
        Journal once = journal(mine, 1 << 20);
        once.keep(asked, answer(cost));
        once.close();
        assertThat(mine.value(Metric.JOURNAL_WRITES, "p", "acknowledged")).isOne();
    }

    private Journal journal() {
        return journal(meters, 64 << 20);
    }

    private Journal journal(Meters counted, long maxBytes) {
        Journal journal =
                Journal.of(
                        new JournalSettings(
                                "p",
                                "i" + open.size(),
                                kafka.bootstrapServers(),
                                topic,
                                List.of("p.retry.1m", "p.retry.10m"),
                                new DataSize(maxBytes),
                                Map.of()),
                        counted,
                        Ticker.system());
        journal.start((what, cause) -> troubles.add(what + ": " + cause.getMessage()));
        open.add(journal);
        return journal;
    }

    private static RecordId id(long offset) {
        return new RecordId("in", 0, offset);
    }

    private static Delivery event(long offset) {
        return new Delivery(id(offset), 0, null, null, List.of());
    }

    private static Answers.Asked asked(long offset) {
        return new Answers.Asked(id(offset), 0, "mood", "small", "00");
    }

    private static Answers.Answer answer(int cost) {
        return new Answers.Answer(
                Map.of("mood", "good", "score", 3L, "share", 0.5),
                OptionalDouble.of(0.4),
                "small",
                new TokenUsage(10, 1, 2, 5, 3),
                new Money(cost),
                2);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
