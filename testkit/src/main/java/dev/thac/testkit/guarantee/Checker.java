package dev.thac.testkit.guarantee;

import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.simulator.PaidCall;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Collects everything a run left behind and holds promises against it: the input log, what
 * committed readers and all readers see of the outputs, what the group committed, where the logs
 * end, the calls that were paid and the figures that were sampled. Immutable.
 *
 * @param bootstrapServers the brokers
 * @param inputs the topics that were read
 * @param outputs the topics that were written, dead letters included, retry topics not
 * @param groups the consumer group; none or one
 * @param calls the calls that were paid
 * @param samples figures taken while it ran
 * @param patience how long to wait for transactions that are still open
 */
public record Checker(
        String bootstrapServers,
        Set<String> inputs,
        Set<String> outputs,
        List<String> groups,
        Supplier<List<PaidCall>> calls,
        Supplier<List<Evidence.Sample>> samples,
        Duration patience) {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration AGAIN = Duration.ofMillis(50);

    /** A checker that knows the brokers and nothing else. */
    public static Checker of(String bootstrapServers) {
        return new Checker(
                bootstrapServers, Set.of(), Set.of(), List.of(), List::of, List::of, PATIENCE);
    }

    /** The same with topics that were read. */
    public Checker reading(String... topics) {
        return new Checker(
                bootstrapServers,
                new LinkedHashSet<>(List.of(topics)),
                outputs,
                groups,
                calls,
                samples,
                patience);
    }

    /** The same with topics that were written. */
    public Checker writing(String... topics) {
        return new Checker(
                bootstrapServers,
                inputs,
                new LinkedHashSet<>(List.of(topics)),
                groups,
                calls,
                samples,
                patience);
    }

    /** The same with the group that read. */
    public Checker by(String group) {
        return new Checker(
                bootstrapServers, inputs, outputs, List.of(group), calls, samples, patience);
    }

    /** The same with the calls that were paid, asked for when the check begins. */
    public Checker paying(Supplier<List<PaidCall>> paid) {
        return new Checker(bootstrapServers, inputs, outputs, groups, paid, samples, patience);
    }

    /** The same with figures, asked for when the check begins. */
    public Checker sampling(Supplier<List<Evidence.Sample>> taken) {
        return new Checker(bootstrapServers, inputs, outputs, groups, calls, taken, patience);
    }

    /** The same with another patience. */
    public Checker waiting(Duration longest) {
        return new Checker(bootstrapServers, inputs, outputs, groups, calls, samples, longest);
    }

    /**
     * Collects the evidence.
     *
     * @throws KafkaException if the brokers cannot be asked
     */
    public Evidence collect() {
        List<Evidence.End> ends;
        List<Evidence.Commit> commits;
        try (Admin admin =
                Admin.create(
                        Map.<String, Object>of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            ends = settledEnds(admin);
            commits = commits(admin);
        }
        Evidence evidence = Evidence.read(bootstrapServers, inputs, outputs);
        return evidence.withCalls(calls.get())
                .withSamples(samples.get())
                .withBrokers(new Evidence.Brokers(aborted(evidence), commits, ends));
    }

    /** Collects the evidence and holds promises against it. */
    public Report check(Guarantee... guarantees) {
        return Report.of(collect(), List.of(guarantees));
    }

    /** The ends, once no transaction is open any more or patience has ended. */
    private List<Evidence.End> settledEnds(Admin admin) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Evidence.End> ends = ends(admin);
            if (ends.stream().allMatch(end -> end.stable() == end.high())
                    || System.nanoTime() > deadline) {
                return ends;
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted while waiting for open transactions", e);
            }
        }
    }

    private List<Evidence.End> ends(Admin admin) {
        Set<String> topics = new LinkedHashSet<>(inputs);
        topics.addAll(outputs);
        Map<TopicPartition, OffsetSpec> latest = new LinkedHashMap<>();
        for (TopicDescription topic : get(admin.describeTopics(topics).allTopicNames()).values()) {
            topic.partitions()
                    .forEach(
                            info ->
                                    latest.put(
                                            new TopicPartition(topic.name(), info.partition()),
                                            OffsetSpec.latest()));
        }
        Map<TopicPartition, ListOffsetsResultInfo> stable =
                get(offsets(admin, latest, IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, ListOffsetsResultInfo> high =
                get(offsets(admin, latest, IsolationLevel.READ_UNCOMMITTED));
        List<Evidence.End> ends = new ArrayList<>();
        stable.forEach(
                (partition, end) -> {
                    ListOffsetsResultInfo last = high.getOrDefault(partition, end);
                    ends.add(new Evidence.End(partition.toString(), end.offset(), last.offset()));
                });
        return ends;
    }

    private static KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Admin admin, Map<TopicPartition, OffsetSpec> latest, IsolationLevel isolation) {
        return admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all();
    }

    private List<Evidence.Commit> commits(Admin admin) {
        List<Evidence.Commit> commits = new ArrayList<>();
        for (String group : groups) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            committed.forEach(
                    (partition, offset) -> {
                        if (inputs.contains(partition.topic())) {
                            commits.add(
                                    new Evidence.Commit(
                                            partition.toString(),
                                            offset.offset(),
                                            offset.metadata()));
                        }
                    });
        }
        return commits;
    }

    /** What is in the logs and not for committed readers. */
    private Map<String, List<Evidence.Output>> aborted(Evidence evidence) {
        TopicReader everything = TopicReader.readUncommitted(bootstrapServers);
        Map<String, List<Evidence.Output>> aborted = new HashMap<>();
        for (String topic : outputs) {
            Collection<String> committed = new HashSet<>();
            evidence.outputs()
                    .getOrDefault(topic, List.of())
                    .forEach(output -> committed.add(output.at()));
            aborted.put(
                    topic,
                    Evidence.outputs(everything, topic).stream()
                            .filter(output -> !committed.contains(output.at()))
                            .toList());
        }
        return aborted;
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new KafkaException("the brokers could not be asked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking the brokers", e);
        }
    }
}
