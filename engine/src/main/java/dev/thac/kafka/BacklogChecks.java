package dev.thac.kafka;

import dev.thac.event.Finding;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What waits in the sources: deleted before it was read, about to be, or held up. */
final class BacklogChecks {

    /** The part of the retention after which a record that waits is worth a warning. */
    private static final double LATE = 0.8;

    private static final Duration SKEW = Duration.ofSeconds(5);

    private final Admin admin;
    private final Map<TopicPartition, OffsetAndMetadata> commits;
    private final Map<String, Duration> retention;
    private final Instant now;

    /**
     * Checks.
     *
     * @param admin the brokers
     * @param commits of the group
     * @param retention source topic to its retention, where it has one
     * @param now the time
     */
    BacklogChecks(
            Admin admin,
            Map<TopicPartition, OffsetAndMetadata> commits,
            Map<String, Duration> retention,
            Instant now) {
        this.admin = admin;
        this.commits = commits;
        this.retention = retention;
        this.now = now;
    }

    /** Looks at these partitions, all questions at once. */
    List<Finding> of(List<TopicPartition> partitions) throws InterruptedException {
        Asked first = ask(partitions, _ -> OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Asked ends = ask(partitions, _ -> OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Asked stable = ask(partitions, _ -> OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Asked newest =
                ask(partitions, _ -> OffsetSpec.maxTimestamp(), IsolationLevel.READ_UNCOMMITTED);
        List<TopicPartition> ageing =
                partitions.stream()
                        .filter(each -> commits.get(each) != null)
                        .filter(each -> retention.containsKey(each.topic()))
                        .toList();
        Asked young = ask(ageing, this::late, IsolationLevel.READ_UNCOMMITTED);
        List<Finding> findings = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            gone(partition, first).ifPresent(findings::add);
            heldUp(partition, ends, stable).ifPresent(findings::add);
        }
        for (TopicPartition partition : ageing) {
            ageing(partition, first, young, ends).ifPresent(findings::add);
        }
        ahead(partitions, newest).ifPresent(findings::add);
        return findings;
    }

    private OffsetSpec late(TopicPartition partition) {
        Duration kept = retention.getOrDefault(partition.topic(), Duration.ZERO);
        return OffsetSpec.forTimestamp(
                now.minusMillis((long) (kept.toMillis() * LATE)).toEpochMilli());
    }

    private Optional<Finding> gone(TopicPartition partition, Asked first)
            throws InterruptedException {
        OffsetAndMetadata committed = commits.get(partition);
        Optional<Long> earliest = first.offset(partition);
        if (committed == null || earliest.isEmpty() || committed.offset() >= earliest.get()) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.warn(
                        "backlog",
                        partition
                                + ": retention has deleted "
                                + (earliest.get() - committed.offset())
                                + " offsets that the group had not read; it goes on at "
                                + earliest.get(),
                        "raise retention.ms of " + partition.topic()));
    }

    private Optional<Finding> ageing(TopicPartition partition, Asked first, Asked young, Asked ends)
            throws InterruptedException {
        OffsetAndMetadata committed = commits.get(partition);
        Optional<Long> end = ends.offset(partition);
        if (committed == null || end.isEmpty()) {
            return Optional.empty();
        }
        long next = Math.max(committed.offset(), first.offset(partition).orElse(0L));
        // -1: no record is that young
        long firstYoung = young.offset(partition).filter(offset -> offset >= 0).orElse(end.get());
        if (next >= firstYoung) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.warn(
                        "backlog",
                        partition
                                + ": records wait since more than 80 % of the topic's retention"
                                + " and may be deleted before they are read",
                        "raise retention.ms of "
                                + partition.topic()
                                + " until the pipeline has caught up"));
    }

    private Optional<Finding> heldUp(TopicPartition partition, Asked ends, Asked stable)
            throws InterruptedException {
        Optional<Long> end = ends.offset(partition);
        Optional<Long> readable = stable.offset(partition);
        if (end.isEmpty() || readable.isEmpty() || readable.get() >= end.get()) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.warn(
                        "backlog",
                        partition
                                + ": everything from offset "
                                + readable.get()
                                + " on ("
                                + (end.get() - readable.get())
                                + " records so far) waits for an open transaction of another"
                                + " producer",
                        "where it stays so: kafka-transactions.sh find-hanging, then abort; or"
                                + " source.isolation: read-uncommitted"));
    }

    /** Timestamps in the future: the clocks of this machine and of the producers differ. */
    private Optional<Finding> ahead(List<TopicPartition> partitions, Asked newest)
            throws InterruptedException {
        Optional<ListOffsetsResultInfo> latest = Optional.empty();
        for (TopicPartition partition : partitions) {
            Optional<ListOffsetsResultInfo> one = newest.info(partition);
            if (one.isPresent()
                    && (latest.isEmpty() || one.get().timestamp() > latest.get().timestamp())) {
                latest = one;
            }
        }
        return latest.map(info -> Duration.between(now, Instant.ofEpochMilli(info.timestamp())))
                .filter(ahead -> ahead.compareTo(SKEW) > 0)
                .map(
                        ahead ->
                                Finding.warn(
                                        "clock",
                                        "the newest record of the source is "
                                                + ahead.toSeconds()
                                                + " s in the future by this machine's clock",
                                        "set the clocks of this machine and of the producers by"
                                                + " NTP"));
    }

    private Asked ask(
            List<TopicPartition> partitions,
            Function<TopicPartition, OffsetSpec> spec,
            IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec.apply(partition)));
        return new Asked(admin.listOffsets(wanted, new ListOffsetsOptions(isolation)));
    }

    /** Offsets that were asked for. */
    private record Asked(ListOffsetsResult result) {

        Optional<ListOffsetsResultInfo> info(TopicPartition partition) throws InterruptedException {
            return Answer.of(result.partitionResult(partition)).value();
        }

        Optional<Long> offset(TopicPartition partition) throws InterruptedException {
            return info(partition).map(ListOffsetsResultInfo::offset);
        }
    }
}
