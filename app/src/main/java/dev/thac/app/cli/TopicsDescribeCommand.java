package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac topics describe}. */
@Command(
        name = "describe",
        header = "Partitions, offsets and settings of topics.",
        mixinStandardHelpOptions = true)
final class TopicsDescribeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "TOPIC")
    private List<String> topics = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    private record Partition(
            int number, int leader, List<Integer> replicas, int inSync, long first, long next) {}

    TopicsDescribeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        try (Admin admin = access.admin()) {
            for (String topic : topics) {
                print(topic, partitions(access, admin, topic), settings(access, admin, topic));
            }
        }
        return ExitCode.OK.number();
    }

    private List<Partition> partitions(KafkaAccess access, Admin admin, String topic)
            throws InterruptedException {
        @Nullable TopicDescription description;
        try {
            description =
                    access.await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        } catch (UnknownTopicOrPartitionException e) {
            throw new UserError(
                    ExitCode.FAILED,
                    "there is no topic " + topic,
                    "`thac topics list` shows them",
                    e);
        }
        if (description == null) {
            return List.of();
        }
        Map<TopicPartition, OffsetSpec> first = new LinkedHashMap<>();
        Map<TopicPartition, OffsetSpec> next = new LinkedHashMap<>();
        description
                .partitions()
                .forEach(
                        partition -> {
                            TopicPartition place = new TopicPartition(topic, partition.partition());
                            first.put(place, OffsetSpec.earliest());
                            next.put(place, OffsetSpec.latest());
                        });
        List<Partition> all = new ArrayList<>();
        for (int number = 0; number < first.size(); number++) {
            TopicPartition place = new TopicPartition(topic, number);
            TopicPartitionInfo info = description.partitions().get(number);
            all.add(
                    new Partition(
                            number,
                            info.leader() == null ? -1 : info.leader().id(),
                            info.replicas().stream().map(Node::id).toList(),
                            info.isr().size(),
                            access.await(admin.listOffsets(first).partitionResult(place)).offset(),
                            access.await(admin.listOffsets(next).partitionResult(place)).offset()));
        }
        return all;
    }

    private static Map<String, String> settings(KafkaAccess access, Admin admin, String topic)
            throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                access.await(admin.describeConfigs(List.of(resource)).all())
                        .getOrDefault(resource, new Config(List.of()));
        Map<String, String> own = new LinkedHashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                own.put(entry.name(), String.valueOf(entry.value()));
            }
        }
        return own;
    }

    private void print(String topic, List<Partition> partitions, Map<String, String> settings) {
        long records = partitions.stream().mapToLong(each -> each.next() - each.first()).sum();
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("topic", topic);
            tree.put("records", records);
            tree.put("settings", settings);
            tree.put("partitions", partitions);
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out()
                .println(
                        topic
                                + "  "
                                + Words.count(partitions.size(), "partition")
                                + "  "
                                + Words.grouped(records)
                                + " offsets  "
                                + settings);
        for (Partition partition : partitions) {
            terminal.out()
                    .printf(
                            "  %4d  leader %d  replicas %s, %d in sync  offsets %d to %d%n",
                            partition.number(),
                            partition.leader(),
                            partition.replicas(),
                            partition.inSync(),
                            partition.first(),
                            partition.next());
        }
    }
}
