package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.RecordId;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

class PartitionTrackerTest {

    private final PartitionTracker tracker = new PartitionTracker(new TopicPartition("in", 0));

    @Test
    void nothingIsCommittedBeforeThePositionIsKnown() {
        assertThat(tracker.point()).isNull();
        assertThat(tracker.dirty()).isFalse();
    }

    @Test
    void theFirstUnfinishedOffsetIsCommitted() {
        Entry first = add(10);
        Entry second = add(13);
        Entry third = add(14);

        assertThat(tracker.finish(second)).isZero();
        assertThat(tracker.dirty()).isFalse();
        assertThat(tracker.finish(first)).isEqualTo(2);

        assertThat(tracker.point()).isEqualTo(new PartitionTracker.Point(2, 14, 5));
        assertThat(tracker.finish(third)).isEqualTo(1);
        assertThat(tracker.point()).isEqualTo(new PartitionTracker.Point(3, 15, 5));
    }

    @Test
    void thePositionIsCommittedWhenAllIsFinishedSoThatGapsArePassed() {
        Entry only = add(10);
        tracker.polledTo(60, 6);

        assertThat(tracker.point()).isEqualTo(new PartitionTracker.Point(0, 10, -1));
        assertThat(tracker.finish(only)).isOne();

        PartitionTracker.Point point = tracker.point();
        assertThat(point).isEqualTo(new PartitionTracker.Point(1, 60, 6));
        assertThat(point.toCommit().leaderEpoch()).isEqualTo(Optional.of(6));
    }

    @Test
    void entriesLeaveOnlyWhenTheirCommitIsConfirmed() {
        Entry first = add(1);
        Entry second = add(2);
        int _ = tracker.finish(first);
        PartitionTracker.Point point = tracker.point();
        int _ = tracker.finish(second);

        List<Entry> released = new ArrayList<>();
        assertThat(point).isNotNull();
        tracker.committed(point, released::add);

        assertThat(released).containsExactly(first);
        assertThat(tracker.held()).isOne();
        assertThat(tracker.dirty()).isTrue();
    }

    @Test
    void aPositionAloneIsCommittedOnce() {
        tracker.polledTo(100, 3);
        assertThat(tracker.dirty()).isTrue();

        PartitionTracker.Point point = tracker.point();
        assertThat(point).isNotNull();
        tracker.committed(point, entry -> {});

        assertThat(tracker.dirty()).isFalse();
    }

    @Test
    void offsetsNeverGoBack() {
        Entry _ = add(5);

        assertThatThrownBy(() -> add(5)).isInstanceOf(IllegalStateException.class);
    }

    /** The tracker beside the plainest model there is: a sorted map of all offsets ever polled. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesAsAMapOfOffsetsWould(long seed) {
        Random random = new Random(seed);
        TreeMap<Long, Boolean> model = new TreeMap<>();
        List<Entry> unfinished = new ArrayList<>();
        List<Long> released = new ArrayList<>();
        long next = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    next += random.nextInt(10) == 0 ? random.nextInt(50) : 0;
                    Entry entry = add(next);
                    unfinished.add(entry);
                    model.put(next, false);
                    next++;
                }
                case 2, 3 -> {
                    if (!unfinished.isEmpty()) {
                        Entry entry = unfinished.remove(random.nextInt(unfinished.size()));
                        int _ = tracker.finish(entry);
                        model.put(entry.offset, true);
                    }
                }
                default -> {
                    next += random.nextInt(20) == 0 ? 5 : 0;
                    tracker.polledTo(next, 5);
                    PartitionTracker.Point point = tracker.point();
                    assertThat(point).isNotNull();
                    assertThat(point.offset()).isEqualTo(firstUnfinished(model, next));
                    if (random.nextBoolean()) {
                        tracker.committed(point, entry -> released.add(entry.offset));
                    }
                }
            }
        }
        List<Long> expected = model.keySet().stream().limit(released.size()).toList();
        assertThat(released).isEqualTo(expected);
        assertThat(tracker.held()).isEqualTo(model.size() - released.size());
        assertThat(tracker.heldBytes()).isEqualTo(128L * tracker.held());
    }

    private static long firstUnfinished(TreeMap<Long, Boolean> model, long next) {
        return model.entrySet().stream()
                .filter(each -> !each.getValue())
                .mapToLong(each -> each.getKey())
                .findFirst()
                .orElse(next);
    }

    private Entry add(long offset) {
        return tracker.add(
                new Delivery(new RecordId("in", 0, offset), 0, null, null, List.of()), offset, 5);
    }
}
