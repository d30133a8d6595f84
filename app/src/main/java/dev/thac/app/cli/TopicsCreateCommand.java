package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.runtime.Loaded;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code thac topics create}. */
@Command(
        name = "create",
        header = "Create the topics that pipelines need.",
        description =
                "Source, routes, dead letters. Topics that are there already stay as "
                        + "they are.",
        mixinStandardHelpOptions = true)
final class TopicsCreateCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Pipeline files.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--print",
            description = "Print the commands of Kafka's own tool instead of connecting.")
    private boolean print;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of new topics (default: ${DEFAULT-VALUE}).")
    private int partitions = 6;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Replicas of new topics. Default: as the brokers say.")
    private Optional<Short> replication = Optional.empty();

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    TopicsCreateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        for (String file : files) {
            Loaded loaded = PipelineFile.load(terminal, file);
            Map<String, String> topics = PipelineTopics.of(loaded.orThrow()).purposes();
            if (print) {
                topics.keySet().forEach(this::printCommand);
            } else {
                create(brokers.access(terminal, loaded.project()), topics);
            }
        }
        return ExitCode.OK.number();
    }

    private void create(KafkaAccess access, Map<String, String> topics)
            throws InterruptedException {
        try (Admin admin = access.admin()) {
            Set<String> known = access.await(admin.listTopics().names());
            List<NewTopic> missing =
                    topics.keySet().stream()
                            .filter(topic -> !known.contains(topic))
                            .map(topic -> new NewTopic(topic, Optional.of(partitions), replication))
                            .toList();
            if (!missing.isEmpty()) {
                access.await(admin.createTopics(missing).all());
            }
            topics.forEach(
                    (topic, purpose) ->
                            terminal.out()
                                    .println(
                                            (known.contains(topic) ? "there     " : "created   ")
                                                    + topic
                                                    + "  ("
                                                    + purpose
                                                    + ")"));
        }
    }

    private void printCommand(String topic) {
        terminal.out()
                .println(
                        "kafka-topics.sh --bootstrap-server \"$BROKERS\" --create --if-not-exists"
                                + " --topic "
                                + topic
                                + " --partitions "
                                + partitions
                                + replication.map(n -> " --replication-factor " + n).orElse(""));
    }
}
