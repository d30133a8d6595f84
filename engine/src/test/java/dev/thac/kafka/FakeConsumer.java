package dev.thac.kafka;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A consumer of one simulated process. Rebalance callbacks run inside {@link #poll}; positions come
 * from the group's commits, once no open transaction can change them.
 */
final class FakeConsumer implements UnusedConsumer {

    private static final long API_TIMEOUT = 60 * Agenda.SECOND;

    private final SimulatedProcess process;
    private final FakeBrokers brokers;
    private final Agenda agenda;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Set<TopicPartition> owned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> stale =
            new LinkedHashMap<>();
    private final ArrayDeque<Runnable> callbacks = new ArrayDeque<>();
    private @Nullable ConsumerRebalanceListener listener;
    private FakeGroup.@Nullable Member member;
    private int commitsUnderWay;
    private boolean wakeup;
    private boolean losing;
    private boolean blocking;

    FakeConsumer(SimulatedProcess process, FakeBrokers brokers) {
        this.process = process;
        this.brokers = brokers;
        this.agenda = brokers.agenda;
    }

    /** From now on a poll waits for itself, because nobody else will. */
    void blocking() {
        blocking = true;
    }

    FakeGroup.@Nullable Member member() {
        return member;
    }

    /** Whether it is being told that its partitions are lost. */
    boolean losing() {
        return losing;
    }

    /** Whether the process may believe, and the group agrees, that it holds the partition. */
    boolean holds(TopicPartition partition) {
        FakeGroup.Member me = member;
        return me != null && brokers.group.holds(me, partition);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener callback) {
        process.enter("subscribe");
        listener = callback;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        process.enter("poll");
        answerWakeup();
        runCallbacks();
        reconcile();
        locate();
        ConsumerRecords<byte[], byte[]> records = fetch();
        long until = agenda.now() + timeout.toNanos();
        boolean waits = blocking || agenda.chance(0.1);
        while (waits && records.nextOffsets().isEmpty() && agenda.now() < until) {
            process.await(
                    Math.min(until - agenda.now(), 100 * Agenda.MILLI),
                    () -> wakeup || fetchable());
            answerWakeup();
            runCallbacks();
            reconcile();
            locate();
            records = fetch();
        }
        process.polled(records, Math.max(0, until - agenda.now()));
        return records;
    }

    private void answerWakeup() {
        if (wakeup) {
            wakeup = false;
            throw new WakeupException();
        }
    }

    private void runCallbacks() {
        for (Runnable callback = callbacks.poll(); callback != null; callback = callbacks.poll()) {
            callback.run();
        }
    }

    /** Brings what is held in line with what the group wants. */
    private void reconcile() {
        ConsumerRebalanceListener to = listener;
        if (to == null) {
            return;
        }
        FakeGroup.Member me = member;
        if (me == null || !brokers.group.knows(me)) {
            member = null;
            if (!owned.isEmpty()) {
                Set<TopicPartition> lost = new LinkedHashSet<>(owned);
                process.faults++;
                losing = true;
                process.call("onPartitionsLost", lost, () -> to.onPartitionsLost(lost));
                losing = false;
                forget(lost);
                brokers.audit.ended(process, lost, false);
            }
            me = brokers.group.join();
            member = me;
            FakeGroup.Member joined = me;
            agenda.say(() -> process + " is " + joined.id);
        }
        Set<TopicPartition> wanted = brokers.group.targets(me);
        Set<TopicPartition> leaving = new LinkedHashSet<>(owned);
        leaving.removeAll(wanted);
        if (!leaving.isEmpty()) {
            revoke(me, leaving, to);
        }
        Set<TopicPartition> coming = new LinkedHashSet<>(wanted);
        coming.removeAll(owned);
        coming.removeIf(partition -> !brokers.group.free(partition));
        if (brokers.group.knows(me) && (!coming.isEmpty() || agenda.chance(0.01))) {
            brokers.group.acquire(me, coming);
            owned.addAll(coming);
            brokers.audit.began(process, coming);
            process.call("onPartitionsAssigned", coming, () -> to.onPartitionsAssigned(coming));
        }
    }

    private void revoke(
            FakeGroup.Member me, Set<TopicPartition> leaving, ConsumerRebalanceListener to) {
        long start = agenda.now();
        int faults = process.faults;
        process.call("onPartitionsRevoked", leaving, () -> to.onPartitionsRevoked(leaving));
        boolean clean =
                process.faults == faults
                        && start - process.lastFault > 60 * Agenda.SECOND
                        && brokers.group.knows(me)
                        && agenda.now() - start
                                < LaneSettings.REBALANCE_DRAIN.toNanos() - Agenda.SECOND;
        prefetched(leaving);
        forget(leaving);
        brokers.audit.ended(process, leaving, clean);
        brokers.group.release(me, leaving);
    }

    /** Records already fetched may be returned although their partition has left (KAFKA-20332). */
    private void prefetched(Set<TopicPartition> leaving) {
        for (TopicPartition partition : leaving) {
            Long position = positions.get(partition);
            if (position != null && !paused.contains(partition) && agenda.chance(0.1)) {
                stale.put(partition, brokers.log(partition).read(position, 3));
            }
        }
    }

    private void forget(Collection<TopicPartition> gone) {
        owned.removeAll(gone);
        paused.removeAll(gone);
        positions.keySet().removeAll(gone);
    }

    private void locate() {
        for (TopicPartition partition : owned) {
            if (!positions.containsKey(partition) && brokers.group.stable(partition)) {
                OffsetAndMetadata commit = brokers.group.committed(partition);
                positions.put(partition, commit == null ? 0 : commit.offset());
            }
        }
    }

    private boolean fetchable() {
        for (TopicPartition partition : owned) {
            Long position = positions.get(partition);
            if (position != null
                    && !paused.contains(partition)
                    && position < brokers.log(partition).end()) {
                return true;
            }
        }
        return false;
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        int room = brokers.plan.pollRecords();
        for (TopicPartition partition : owned) {
            Long position = positions.get(partition);
            FakeLog log = brokers.log(partition);
            if (position == null
                    || paused.contains(partition)
                    || position >= log.end()
                    || room == 0
                    || agenda.chance(0.2)) {
                continue;
            }
            int most = Math.min(room, 1 + agenda.pick(brokers.plan.pollRecords()));
            List<ConsumerRecord<byte[], byte[]>> records = log.read(position, most);
            long after = records.size() < most ? log.end() : records.getLast().offset() + 1;
            room -= records.size();
            positions.put(partition, after);
            if (!records.isEmpty()) {
                found.put(partition, records);
                brokers.audit.polled(process, partition, records);
            }
            int epoch =
                    records.isEmpty()
                            ? log.leaderEpoch()
                            : records.getLast().leaderEpoch().orElse(-1);
            next.put(partition, new OffsetAndMetadata(after, Optional.of(epoch), ""));
        }
        for (TopicPartition partition : stale.keySet()) {
            List<ConsumerRecord<byte[], byte[]>> records = stale.get(partition);
            if (!records.isEmpty() && !owned.contains(partition)) {
                found.put(partition, records);
                long after = records.getLast().offset() + 1;
                next.put(partition, new OffsetAndMetadata(after, Optional.of(1), ""));
            }
        }
        stale.clear();
        return next.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(found, next);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return committed(partitions, Duration.ofNanos(API_TIMEOUT));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        process.enter("committed");
        answerWakeup();
        process.spend(brokers.latency());
        if (brokers.trouble() && agenda.chance(0.3)) {
            process.spend(timeout.toNanos());
            throw process.fault(new TimeoutException("committed offsets not read in time"));
        }
        process.await(timeout.toNanos(), () -> partitions.stream().allMatch(brokers.group::stable));
        if (!partitions.stream().allMatch(brokers.group::stable)) {
            throw process.fault(new TimeoutException("committed offsets are not stable"));
        }
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, brokers.group.committed(partition)));
        return found;
    }

    @Override
    public void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        process.enter("commitAsync");
        brokers.audit.wellFormed(process, offsets);
        ConsumerGroupMetadata metadata = groupMetadata();
        commitsUnderWay++;
        agenda.after(
                brokers.latency(),
                () -> {
                    RuntimeException failure = commit(offsets, metadata, true);
                    commitsUnderWay--;
                    callbacks.add(() -> callback.onComplete(offsets, failure));
                    process.wake();
                });
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        process.enter("commitSync");
        answerWakeup();
        brokers.audit.wellFormed(process, offsets);
        process.await(timeout.toNanos(), () -> commitsUnderWay == 0);
        runCallbacks();
        process.spend(brokers.latency());
        RuntimeException failure = commit(offsets, groupMetadata(), false);
        if (failure != null) {
            if (failure instanceof TimeoutException) {
                process.spend(timeout.toNanos());
            }
            throw failure;
        }
    }

    /** Returns what the client is told; the commit may be done all the same. */
    private @Nullable RuntimeException commit(
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata metadata,
            boolean async) {
        if (!brokers.group.accepts(metadata)) {
            return process.fault(new CommitFailedException("not a member any more"));
        }
        boolean trouble = brokers.trouble();
        if (!trouble || agenda.chance(0.3)) {
            agenda.say(() -> process + " COMMIT " + offsets);
            brokers.group.commit(offsets);
            brokers.audit.committed(List.of(), offsets);
        }
        if (!trouble) {
            return null;
        }
        Supplier<RuntimeException> unknown =
                async
                        ? () -> new RetriableCommitFailedException("no reply")
                        : () -> new TimeoutException("no reply");
        return process.fault(
                agenda.chance(0.5)
                        ? unknown.get()
                        : new RebalanceInProgressException("in the middle of a rebalance"));
    }

    @Override
    @SuppressWarnings("removal") // there is no other way to make one
    public ConsumerGroupMetadata groupMetadata() {
        FakeGroup.Member me = member;
        return me == null ? new ConsumerGroupMetadata(SimulationPlan.GROUP) : me.metadata();
    }

    @Override
    public Set<TopicPartition> assignment() {
        return new LinkedHashSet<>(owned);
    }

    @Override
    public Set<TopicPartition> paused() {
        return new LinkedHashSet<>(paused);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        process.enter("pause");
        requireHeld(partitions);
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        process.enter("resume");
        requireHeld(partitions);
        paused.removeAll(partitions);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        requireHeld(List.of(partition));
        positions.put(partition, offset);
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        seek(partition, offset.offset());
    }

    @Override
    public long position(TopicPartition partition) {
        return position(partition, Duration.ofNanos(API_TIMEOUT));
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        process.enter("position");
        answerWakeup();
        requireHeld(List.of(partition));
        process.await(timeout.toNanos(), () -> brokers.group.stable(partition));
        locate();
        Long position = positions.get(partition);
        if (position == null) {
            throw process.fault(new TimeoutException("no position of " + partition));
        }
        return position;
    }

    private void requireHeld(Collection<TopicPartition> partitions) {
        if (!owned.containsAll(partitions)) {
            throw new IllegalStateException("No current assignment for partition " + partitions);
        }
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        List<PartitionInfo> known = new ArrayList<>();
        for (TopicPartition each : brokers.logs.keySet()) {
            if (each.topic().equals(topic)) {
                known.add(new PartitionInfo(topic, each.partition(), null, null, null));
            }
        }
        return known;
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, 0L));
        return offsets;
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        return beginningOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, brokers.log(partition).end()));
        return offsets;
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        return endOffsets(partitions);
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        Long position = positions.get(partition);
        return position == null
                ? OptionalLong.empty()
                : OptionalLong.of(brokers.log(partition).end() - position);
    }

    @Override
    public void wakeup() {
        wakeup = true;
    }

    @Override
    public void close() {
        close(CloseOptions.timeout(Duration.ofSeconds(30)));
    }

    @Override
    public void close(CloseOptions options) {
        process.enter("consumer.close");
        ConsumerRebalanceListener to = listener;
        FakeGroup.Member me = member;
        listener = null;
        if (to != null && me != null) {
            Set<TopicPartition> rest = new LinkedHashSet<>(owned);
            boolean known = brokers.group.knows(me);
            if (!rest.isEmpty()) {
                process.call(
                        "closing",
                        rest,
                        () -> {
                            if (known) {
                                to.onPartitionsRevoked(rest);
                            } else {
                                to.onPartitionsLost(rest);
                            }
                        });
                forget(rest);
                brokers.audit.ended(process, rest, false);
            }
            brokers.group.remove(me);
            member = null;
        }
    }
}
