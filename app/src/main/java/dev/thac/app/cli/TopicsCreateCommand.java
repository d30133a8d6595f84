package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.kafka.LedgerTopic;
import dev.thac.runtime.Loaded;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code thac topics create}. */
@Command(
        name = "create",
        header = "Create the topics that pipelines need.",
        description =
                "Source, routes, retry topics, dead letters, journal, ledger. Topics that are there"
                        + " already stay as they are. Retry topics and the journal get as many"
                        + " partitions as the source has.",
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
            PipelineTopics topics = PipelineTopics.of(loaded.orThrow(), loaded.project());
            if (print) {
                topics.purposes().keySet().forEach(topic -> printCommand(topic, topics));
            } else {
                create(brokers.access(terminal, loaded.project()), topics);
            }
        }
        return ExitCode.OK.number();
    }

    private void create(KafkaAccess access, PipelineTopics topics) throws InterruptedException {
        try (Admin admin = access.admin()) {
            Set<String> known = access.await(admin.listTopics().names());
            int ofSource = partitionsOfSource(access, admin, topics, known);
            List<NewTopic> missing =
                    topics.purposes().keySet().stream()
                            .filter(topic -> !known.contains(topic))
                            .map(topic -> newTopic(topic, topics, ofSource))
                            .toList();
            if (!missing.isEmpty()) {
                access.await(admin.createTopics(missing).all());
            }
            topics.purposes()
                    .forEach(
                            (topic, purpose) ->
                                    terminal.out()
                                            .println(
                                                    (known.contains(topic)
                                                                    ? "there     "
                                                                    : "created   ")
                                                            + topic
                                                            + "  ("
                                                            + purpose
                                                            + ")"));
        }
    }

    private NewTopic newTopic(String topic, PipelineTopics topics, int ofSource) {
        int own = topics.isLedger(topic) ? LedgerTopic.PARTITIONS : partitions;
        int wanted = topics.followsSource(topic) ? ofSource : own;
        return new NewTopic(topic, Optional.of(wanted), replication)
                .configs(topics.settings(topic));
    }

    /** As many as the largest source topic has, or will have. */
    private int partitionsOfSource(
            KafkaAccess access, Admin admin, PipelineTopics topics, Set<String> known)
            throws InterruptedException {
        List<String> there = topics.sources().stream().filter(known::contains).toList();
        int most = there.size() == topics.sources().size() ? 1 : partitions;
        for (TopicDescription source :
                access.await(admin.describeTopics(there).allTopicNames()).values()) {
            most = Math.max(most, source.partitions().size());
        }
        return most;
    }

    private void printCommand(String topic, PipelineTopics topics) {
        StringBuilder configs = new StringBuilder();
        topics.settings(topic)
                .forEach(
                        (name, value) ->
                                configs.append(" --config ")
                                        .append(name)
                                        .append('=')
                                        .append(value));
        terminal.out()
                .println(
                        "kafka-topics.sh --bootstrap-server \"$BROKERS\" --create --if-not-exists"
                                + " --topic "
                                + topic
                                + " --partitions "
                                + (topics.isLedger(topic) ? LedgerTopic.PARTITIONS : partitions)
                                + replication.map(n -> " --replication-factor " + n).orElse("")
                                + configs);
    }
}
