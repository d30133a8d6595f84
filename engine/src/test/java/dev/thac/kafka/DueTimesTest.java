package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.resilience.ManualTicker;
import dev.thac.spec.DataSize;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** When records of retry topics are let in. */
class DueTimesTest {

    private static final TopicPartition SOON = new TopicPartition("p.retry.10s", 0);
    private static final TopicPartition LATE = new TopicPartition("p.retry.1m", 0);
    private static final int VALUE = 1_000;

    private final ManualTicker ticker = new ManualTicker();
    private final BrokerClock clock = new BrokerClock(ticker);
    private final MockConsumer<byte[], byte[]> consumer =
            new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    private final List<String> let = new ArrayList<>();
    private final PartitionTracker soon = new PartitionTracker(SOON, Order.NONE);
    private final PartitionTracker late = new PartitionTracker(LATE, Order.NONE);
    private DueTimes dueTimes;

    @BeforeEach
    void begin() {
        consumer.assign(List.of(SOON, LATE));
        consumer.seek(SOON, 0);
        consumer.seek(LATE, 0);
        dueTimes = dueTimes(1 << 20);
    }

    @Test
    void eachRecordEntersWhenItsOwnDelayIsOverAndNotAMillisecondBefore() {
        add(soon, now() - 2_000, now() - 1_997, now());
        add(late, now());

        ticker.advance(Duration.ofMillis(7_999));
        assertThat(released()).isEmpty();
        ticker.advance(Duration.ofMillis(1));
        assertThat(released()).containsExactly("p.retry.10s@0");
        ticker.advance(Duration.ofMillis(3));
        assertThat(released()).containsExactly("p.retry.10s@1");
        assertThat(dueTimes.held()).containsExactlyInAnyOrder(SOON, LATE);
        assertThat(dueTimes.waiting(SOON)).isOne();
        ticker.advance(Duration.ofMillis(1_997));
        assertThat(released()).containsExactly("p.retry.10s@2", "p.retry.10s behind 3");
        assertThat(dueTimes.held()).containsExactly(LATE);
        ticker.advance(Duration.ofSeconds(50));
        assertThat(released()).containsExactly("p.retry.1m@0", "p.retry.1m behind 1");
        assertThat(dueTimes.held()).isEmpty();
        assertThat(dueTimes.idleNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theWaitEndsWithTheNextDueTime() {
        add(late, now() - 58_000);
        add(soon, now() - 3_000);

        assertThat(dueTimes.idleNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void whatIsOverdueWhenItIsReadEntersAtOnce() {
        add(soon, now() - 60_000, now() - 10_000, now());

        assertThat(released()).containsExactly("p.retry.10s@0", "p.retry.10s@1");
    }

    @Test
    void aClockOfOursThatIsAheadLetsNothingInEarly() {
        long broker = now() - Duration.ofMinutes(10).toMillis();
        clock.acknowledged(broker);
        add(soon, broker);

        ticker.advance(Duration.ofMillis(9_999));
        assertThat(released()).isEmpty();
        ticker.advance(Duration.ofMillis(1));
        assertThat(released()).hasSize(2);
    }

    @Test
    void aTimeStampFromTheFutureWaitsNoLongerThanTheDelay() {
        add(soon, now() + Duration.ofDays(400).toMillis());

        ticker.advance(Duration.ofMillis(9_999));
        assertThat(released()).isEmpty();
        ticker.advance(Duration.ofMillis(1));
        assertThat(released()).hasSize(2);
    }

    @Test
    void whatOutgrowsItsMemoryIsReadAgainWhenThereIsRoom() {
        dueTimes = dueTimes(8 * 3 * VALUE);
        long[] stamps = LongStream.range(0, 10).map(i -> now() + i).toArray();

        add(soon, stamps);

        assertThat(dueTimes.waiting(SOON)).isEqualTo(2);
        assertThat(consumer.position(SOON)).isEqualTo(2);
        ticker.advance(Duration.ofSeconds(11));
        assertThat(released()).containsExactly("p.retry.10s@0", "p.retry.10s@1");
        assertThat(dueTimes.held()).isEmpty();
    }

    @Test
    void whatLeftWithItsPartitionIsForgotten() {
        add(soon, now());
        soon.close();
        ticker.advance(Duration.ofSeconds(10));

        assertThat(released()).isEmpty();
        assertThat(dueTimes.held()).isEmpty();
    }

    private List<String> released() {
        let.clear();
        dueTimes.release(
                (tracker, records, after) -> {
                    records.forEach(record -> let.add(record.topic() + "@" + record.offset()));
                    if (after != null) {
                        let.add(tracker.partition().topic() + " behind " + after.offset());
                    }
                });
        return List.copyOf(let);
    }

    private void add(PartitionTracker tracker, long... stamps) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long stamp : stamps) {
            records.add(
                    new ConsumerRecord<>(
                            tracker.partition().topic(),
                            tracker.partition().partition(),
                            records.size(),
                            stamp,
                            TimestampType.LOG_APPEND_TIME,
                            0,
                            VALUE,
                            new byte[0],
                            new byte[VALUE],
                            new RecordHeaders(),
                            Optional.empty()));
        }
        dueTimes.add(tracker, records, new OffsetAndMetadata(stamps.length));
    }

    private long now() {
        return ticker.now().toEpochMilli();
    }

    private DueTimes dueTimes(long openBytes) {
        LaneSettings settings =
                new LaneSettings(
                        "p",
                        "a",
                        0,
                        1,
                        "nowhere:1",
                        new LaneSource(
                                List.of("in"),
                                Map.of(
                                        SOON.topic(),
                                        Duration.ofSeconds(10),
                                        LATE.topic(),
                                        Duration.ofMinutes(1)),
                                "g",
                                new StartPosition.Earliest(),
                                Isolation.READ_COMMITTED),
                        DeliveryMode.EXACTLY_ONCE,
                        Order.NONE,
                        LaneSettings.METADATA_CHARS,
                        new LimitsSpec(10, new DataSize(openBytes), new DataSize(1), Duration.ZERO),
                        Map.of());
        return new DueTimes(settings, consumer, clock, ticker);
    }
}
