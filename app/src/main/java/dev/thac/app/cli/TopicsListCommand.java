package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code thac topics list}. */
@Command(name = "list", header = "List topics.", mixinStandardHelpOptions = true)
final class TopicsListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(names = "--internal", description = "Kafka's own topics too.")
    private boolean internal;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    TopicsListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        try (Admin admin = access.admin()) {
            Map<String, TopicDescription> topics =
                    access.await(
                            admin.describeTopics(
                                            access.await(
                                                    admin.listTopics(
                                                                    new ListTopicsOptions()
                                                                            .listInternal(internal))
                                                            .names()))
                                    .allTopicNames());
            print(new TreeMap<>(topics));
        }
        return ExitCode.OK.number();
    }

    private void print(Map<String, TopicDescription> topics) {
        switch (output) {
            case json -> terminal.out().println(Json.pretty(asTree(topics)));
            case text ->
                    topics.forEach(
                            (name, topic) ->
                                    terminal.out()
                                            .printf("%4d  %s%n", topic.partitions().size(), name));
        }
        if (topics.isEmpty() && output == OutputFormat.text) {
            terminal.err()
                    .println("no topics yet; `thac topics create FILE` makes those of a pipeline");
        }
    }

    private static List<Map<String, Object>> asTree(Map<String, TopicDescription> topics) {
        return topics.values().stream()
                .map(
                        topic ->
                                Map.<String, Object>of(
                                        "topic",
                                        topic.name(),
                                        "partitions",
                                        topic.partitions().size(),
                                        "internal",
                                        topic.isInternal()))
                .toList();
    }
}
