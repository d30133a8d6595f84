package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

class PartitionTrackerTest {

    private static final int ROOMY = OffsetMap.Writer.bytesFor(4_000);

    private PartitionTracker tracker = fresh(Order.NONE);

    @Test
    void nothingIsCommittedBeforeThePositionIsKnown() {
        assertThat(tracker.dirty()).isFalse();
    }

    @Test
    void aPlaceTheGroupHasNotCommittedIsCommittedAtOnce() {
        tracker.resume(Resumption.at(100));
        assertThat(tracker.dirty()).isTrue();

        confirm(snapshot());

        assertThat(tracker.dirty()).isFalse();
    }

    @Test
    void theFirstUnfinishedOffsetIsCommittedAndTheMapSaysWhatIsFinishedBeyond() {
        Entry first = add(10);
        Entry second = add(13);
        Entry third = add(14);
        stage(second);

        Snapshot snapshot = snapshot();

        assertThat(snapshot.covered()).containsExactly(second);
        assertThat(snapshot.toCommit().leaderEpoch()).isEqualTo(Optional.of(5));
        assertThat(map(snapshot)).isEqualTo(new OffsetMap(3, 10, 1_000, 11, 14));
        stage(first);
        assertThat(map(snapshot())).isEqualTo(new OffsetMap(3, 14, 1_000));
        stage(third);
        assertThat(map(snapshot())).isEqualTo(new OffsetMap(3, 15, 2_000));
    }

    @Test
    void thePositionIsCommittedWhenAllIsFinishedSoThatGapsArePassed() {
        stage(add(10));
        tracker.polledTo(60, 6);

        Snapshot snapshot = snapshot();

        assertThat(snapshot.base()).isEqualTo(60);
        assertThat(snapshot.toCommit().leaderEpoch()).isEqualTo(Optional.of(6));
    }

    @Test
    void aGapCountsAsFinishedOnlyBesideWhatIsFinished() {
        add(10);
        add(20);
        stage(add(30));
        add(40);
        tracker.polledTo(50, 5);

        assertThat(map(snapshot())).isEqualTo(new OffsetMap(3, 10, 1_000, 21, 40));
    }

    @Test
    void entriesLeaveOnlyWhenTheirCommitIsConfirmed() {
        Entry first = add(1);
        Entry second = add(2);
        stage(first);
        Snapshot snapshot = snapshot();
        stage(second);

        assertThat(tracker.held()).isEqualTo(2);
        assertThat(confirm(snapshot)).containsExactly(first);

        assertThat(tracker.held()).isOne();
        assertThat(tracker.dirty()).isTrue();
        assertThat(snapshot().covered()).containsExactly(second);
    }

    @Test
    void whatIsDoneBeyondTheBaseTakesNoRoom() {
        add(0);
        for (int offset = 1; offset < 1_000; offset++) {
            stage(add(offset));
        }
        confirm(snapshot());

        assertThat(tracker.held()).isOne();
        assertThat(tracker.heldBytes()).isEqualTo(128);
        assertThat(tracker.window()).isEqualTo(1_000);
        assertThat(tracker.dirty()).isFalse();
        assertThat(map(snapshot())).isEqualTo(new OffsetMap(3, 0, 1_000, 1, 1_000));
    }

    @Test
    void aSnapshotHoldsNoMoreOutputsThanItMay() {
        for (int offset = 0; offset < 10; offset++) {
            Entry entry = add(offset);
            boolean _ = tracker.settled(entry, 100);
            stage(entry);
        }

        Snapshot snapshot = Snapshot.of(tracker, new Snapshot.Limits(ROOMY, 350, 0, 0));

        assertThat(snapshot.covered()).hasSize(3);
        assertThat(snapshot.more()).isTrue();
        assertThat(snapshot.mapFull()).isFalse();
        assertThat(snapshot.base()).isEqualTo(3);
        assertThat(Snapshot.of(tracker, new Snapshot.Limits(ROOMY, 50, 0, 0)).covered()).hasSize(1);
    }

    @Test
    void withoutMetadataOnlyThePrefixIsCommitted() {
        stage(add(0));
        add(1);
        stage(add(2));

        Snapshot snapshot = Snapshot.of(tracker, new Snapshot.Limits(0, Long.MAX_VALUE, 0, 0));
        tracker.taken(snapshot);

        assertThat(snapshot.covered()).hasSize(1);
        assertThat(snapshot.toCommit().offset()).isEqualTo(1);
        assertThat(snapshot.toCommit().metadata()).isEmpty();
        confirm(snapshot);
        tracker.taken(Snapshot.of(tracker, new Snapshot.Limits(0, Long.MAX_VALUE, 0, 0)));
        assertThat(tracker.dirty()).isFalse();
        assertThat(tracker.mapFull()).isFalse();
    }

    @Test
    void whatDoesNotFitIntoTheMapStaysStagedUntilItDoes() {
        int small = OffsetMap.Writer.bytesFor(100);
        List<Entry> odd = new ArrayList<>();
        for (int offset = 0; offset < 200; offset++) {
            Entry entry = add(offset);
            if (offset % 2 == 1) {
                stage(entry);
            } else {
                odd.add(entry);
            }
        }
        Snapshot snapshot = Snapshot.of(tracker, new Snapshot.Limits(small, Long.MAX_VALUE, 0, 0));
        tracker.taken(snapshot);

        assertThat(snapshot.mapFull()).isTrue();
        assertThat(tracker.mapFull()).isTrue();
        assertThat(snapshot.metadata().length()).isBetween(80, 100);
        assertThat(snapshot.covered()).hasSizeBetween(10, 50);
        confirm(snapshot);
        assertThat(tracker.staged()).isEqualTo(100 - snapshot.covered().length);

        tracker.taken(Snapshot.of(tracker, new Snapshot.Limits(small, Long.MAX_VALUE, 0, 0)));
        assertThat(tracker.dirty()).as("nothing more fits until something changes").isFalse();

        odd.forEach(this::stage);
        Snapshot all = Snapshot.of(tracker, new Snapshot.Limits(small, Long.MAX_VALUE, 0, 0));
        tracker.taken(all);
        assertThat(all.base()).isEqualTo(200);
        assertThat(tracker.mapFull()).isFalse();
    }

    @Test
    void aLateAnswerOfAnEndedAssignmentOnlyEndsItsEntry() {
        Entry open = add(0);
        tracker.open(open);
        stage(add(1));
        tracker.close();

        assertThat(tracker.live()).isFalse();
        assertThat(tracker.held()).isOne();
        tracker.late(open);
        tracker.late(open);

        assertThat(tracker.open()).isZero();
        assertThat(tracker.held()).isZero();
        tracker.verify();
    }

    @Test
    void offsetsNeverGoBack() {
        Entry _ = add(5);

        assertThatThrownBy(() -> add(5)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void outcomesOfAKeyWaitForThoseBeforeThem() {
        tracker = fresh(Order.KEY);
        Entry first = add(0, "a");
        Entry second = add(1, "a");
        Entry other = add(2, "b");
        Entry third = add(3, "a");
        Entry keyless = add(4, null);

        assertThat(tracker.settled(second, 0)).isFalse();
        assertThat(tracker.settled(other, 0)).isTrue();
        assertThat(tracker.settled(keyless, 0)).isTrue();
        assertThat(tracker.settled(third, 0)).isFalse();
        assertThat(tracker.settled(first, 0)).isTrue();

        assertThat(tracker.stage(first)).isSameAs(second);
        assertThat(tracker.stage(second)).isSameAs(third);
        assertThat(tracker.stage(third)).isNull();
        assertThat(tracker.settled(add(5, "a"), 0)).as("nobody is before it any more").isTrue();
    }

    @Test
    void outcomesOfAPartitionWaitForThoseBeforeThem() {
        tracker = fresh(Order.PARTITION);
        Entry first = add(0, "a");
        Entry second = add(1, null);

        assertThat(tracker.settled(second, 0)).isFalse();
        assertThat(tracker.settled(first, 0)).isTrue();
        assertThat(tracker.stage(first)).isSameAs(second);
    }

    @Test
    void whatAFormerOwnerFinishedIsPassedOver() {
        OffsetMap map = new OffsetMap(3, 10, 500, 11, 14, 20, 22);
        tracker.resume(new Resumption(10, 4, true, map, 500, 100));
        assertThat(tracker.dirty()).isFalse();
        Entry open = poll(10);

        assertThat(map(snapshot())).isEqualTo(map);
        assertThat(skipped(11, 12, 13)).isTrue();
        assertThat(map(snapshot())).isEqualTo(map);
        stage(open);
        assertThat(map(snapshot())).isEqualTo(new OffsetMap(3, 14, 500, 20, 22));
        Entry second = poll(14);
        Entry third = poll(19);
        assertThat(map(snapshot()).since()).isEqualTo(500);
        stage(second);
        stage(third);
        assertThat(snapshot().base()).as("what is finished behind it is known").isEqualTo(22);
        assertThat(skipped(20, 21)).isTrue();
        assertThat(tracker.skip(22, 5)).isFalse();
    }

    /** The tracker beside the plainest model there is: sets of all offsets ever polled. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void behavesAsSetsOfOffsetsWould(long seed) {
        Random random = new Random(seed);
        int mapBytes = seed % 3 == 0 ? OffsetMap.Writer.bytesFor(60) : ROOMY;
        Model model = new Model();
        for (int step = 0; step < 6_000; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    model.passGap();
                    if (!tracker.skip(model.next, 5)) {
                        model.open.put(model.next, add(model.next));
                        assertThat(model.finished).doesNotContain(model.next);
                    } else {
                        assertThat(model.finished).contains(model.next);
                    }
                    model.next++;
                }
                case 4, 5, 6, 7, 8 -> model.stageOne(random);
                case 9, 10 -> {
                    if (random.nextBoolean()) {
                        model.passGap();
                        tracker.polledTo(model.next, 5);
                    }
                    model.commit(mapBytes, random.nextInt(4) > 0);
                }
                default -> {
                    if (random.nextInt(100) == 0) {
                        model.restart();
                    }
                }
            }
            if (step % 100 == 0) {
                tracker.verify();
            }
        }
        assertThat(model.finished).hasSizeGreaterThan(1_000);
    }

    /** What must be true of a tracker and of its commits. */
    private final class Model {
        private final TreeMap<Long, Entry> open = new TreeMap<>();
        private final TreeMap<Long, Entry> staged = new TreeMap<>();
        private final TreeSet<Long> finished = new TreeSet<>();
        private OffsetAndMetadata committed = new OffsetAndMetadata(0, "");
        private long next;

        /** Some offsets hold no record, some of them many in a row. */
        void passGap() {
            while (Math.floorMod(next * 0x9E3779B97F4A7C15L, 16) == 0 || next % 500 > 480) {
                next++;
            }
        }

        void stageOne(Random random) {
            if (open.isEmpty()) {
                return;
            }
            Long from = open.ceilingKey(open.firstKey() + random.nextInt(20));
            Long offset = from == null ? open.lastKey() : from;
            Entry entry = open.remove(offset);
            staged.put(offset, entry);
            stage(entry);
        }

        void commit(int mapBytes, boolean confirmed) {
            if (!tracker.dirty()) {
                return;
            }
            Snapshot snapshot =
                    Snapshot.of(tracker, new Snapshot.Limits(mapBytes, Long.MAX_VALUE, 3, 2_000));
            tracker.taken(snapshot);
            TreeSet<Long> claimed = new TreeSet<>(finished.tailSet(snapshot.base()));
            for (Entry entry : snapshot.covered()) {
                claimed.add(entry.offset);
            }
            OffsetMap map = map(snapshot);
            assertThat(OffsetMap.Writer.bytesFor(snapshot.metadata().length()))
                    .isLessThanOrEqualTo(mapBytes);
            assertThat(open.keySet()).noneMatch(map::finished);
            assertThat(claimed).allMatch(map::finished);
            assertThat(List.of(snapshot.covered()))
                    .isEqualTo(staged.values().stream().limit(snapshot.covered().length).toList());
            if (!snapshot.mapFull()) {
                assertThat(snapshot.covered()).hasSize(staged.size());
            }
            if (confirmed) {
                assertThat(confirm(snapshot)).isEqualTo(List.of(snapshot.covered()));
                staged.values().removeAll(List.of(snapshot.covered()));
                finished.addAll(claimed);
                committed = snapshot.toCommit();
            }
            assertThat(tracker.held()).isEqualTo(open.size() + staged.size());
        }

        void restart() {
            OffsetMap.Reading reading = OffsetMap.decode(committed.metadata(), committed.offset());
            OffsetMap map =
                    reading instanceof OffsetMap.Reading.Known(OffsetMap known) ? known : null;
            tracker = fresh(Order.NONE);
            tracker.resume(new Resumption(committed.offset(), 5, true, map, 0, 0));
            next = committed.offset();
            open.clear();
            staged.clear();
        }
    }

    private static PartitionTracker fresh(Order order) {
        PartitionTracker fresh = new PartitionTracker(new TopicPartition("in", 0), order);
        fresh.now(1_000);
        return fresh;
    }

    private void stage(Entry entry) {
        entry.outcome = Outcome.FilteredOut.INSTANCE;
        Entry _ = tracker.stage(entry);
    }

    private Snapshot snapshot() {
        Snapshot snapshot =
                Snapshot.of(tracker, new Snapshot.Limits(ROOMY, Long.MAX_VALUE, 3, 2_000));
        tracker.taken(snapshot);
        return snapshot;
    }

    private static OffsetMap map(Snapshot snapshot) {
        OffsetMap.Reading reading = OffsetMap.decode(snapshot.metadata(), snapshot.base());
        assertThat(reading).isInstanceOf(OffsetMap.Reading.Known.class);
        return ((OffsetMap.Reading.Known) reading).map();
    }

    private List<Entry> confirm(Snapshot snapshot) {
        List<Entry> released = new ArrayList<>();
        tracker.committed(snapshot, released::add);
        return released;
    }

    private boolean skipped(long... offsets) {
        boolean all = true;
        for (long offset : offsets) {
            all &= tracker.skip(offset, 5);
        }
        return all;
    }

    private Entry poll(long offset) {
        assertThat(tracker.skip(offset, 5)).isFalse();
        return add(offset);
    }

    private Entry add(long offset) {
        return add(offset, null);
    }

    private Entry add(long offset, @org.jspecify.annotations.Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return tracker.add(
                new Delivery(new RecordId("in", 0, offset), 0, bytes, null, List.of()), offset, 5);
    }
}
