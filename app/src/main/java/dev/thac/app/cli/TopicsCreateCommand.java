package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.kafka.LedgerTopic;
import dev.thac.runtime.Loaded;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code thac topics create}. */
@Command(
        name = "create",
        header = "Create a topic, or the topics that pipelines need.",
        description = {
            "FILE: source, routes, retry topics, dead letters, journal, ledger. Topics that are"
                    + " there already stay as they are. Retry topics and the journal get as many"
                    + " partitions as the source has.",
            "NAME: one topic, with the settings given; one that is there already is an error,"
                    + " unless --if-not-exists is given."
        },
        mixinStandardHelpOptions = true)
final class TopicsCreateCommand implements Callable<Integer> {

    private static final String THERE = "there     ";
    private static final String CREATED = "created   ";

    private final Terminal terminal;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|NAME",
            description = "Pipeline files (*.yaml, *.yml), or names of topics.")
    private List<String> named = new ArrayList<>();

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
            names = {"--replication", "--replication-factor"},
            paramLabel = "N",
            description = "Replicas of new topics. Default: as the brokers say.")
    private Optional<Short> replication = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of the topics named, for example retention.ms=86400000; repeatable.")
    private Map<String, String> config = new LinkedHashMap<>();

    @Option(names = "--if-not-exists", description = "Leave a topic that is there as it is.")
    private boolean ifNotExists;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    TopicsCreateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> files = named.stream().filter(TopicsCreateCommand::isFile).toList();
        List<String> names = named.stream().filter(name -> !isFile(name)).toList();
        if (partitions < 1) {
            throw UserError.usage("--partitions must be at least 1, not " + partitions, "");
        }
        if (!files.isEmpty() && !config.isEmpty()) {
            throw UserError.usage(
                    "--config is for topics that are named, not for those of " + files.getFirst(),
                    "`thac topics config` changes them afterwards");
        }
        for (String file : files) {
            Loaded loaded = PipelineFile.load(terminal, file);
            PipelineTopics topics = PipelineTopics.of(loaded.orThrow(), loaded.project());
            if (print) {
                topics.purposes()
                        .keySet()
                        .forEach(
                                topic ->
                                        printCommand(
                                                topic,
                                                topics.isLedger(topic)
                                                        ? LedgerTopic.PARTITIONS
                                                        : partitions,
                                                topics.settings(topic)));
            } else {
                create(brokers.access(terminal, loaded.project()), topics);
            }
        }
        if (print) {
            names.forEach(name -> printCommand(name, partitions, config));
        } else if (!names.isEmpty()) {
            create(brokers.access(terminal), names);
        }
        return ExitCode.OK.number();
    }

    private static boolean isFile(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.contains("/");
    }

    private void create(KafkaAccess access, List<String> names) throws InterruptedException {
        try (Admin admin = access.admin()) {
            Set<String> known = new HashSet<>(access.await(admin.listTopics().names()));
            refuse(names.stream().filter(known::contains).toList());
            List<NewTopic> missing =
                    names.stream()
                            .filter(name -> !known.contains(name))
                            .map(
                                    name ->
                                            new NewTopic(name, Optional.of(partitions), replication)
                                                    .configs(config))
                            .toList();
            for (Map.Entry<String, KafkaFuture<Void>> each :
                    admin.createTopics(missing).values().entrySet()) {
                try {
                    access.await(each.getValue());
                } catch (TopicExistsException _) {
                    refuse(List.of(each.getKey())); // made a moment ago, and not in the list yet
                    known.add(each.getKey());
                }
            }
            names.forEach(
                    name ->
                            terminal.out()
                                    .println((known.contains(name) ? THERE : CREATED) + name));
        }
    }

    private void refuse(List<String> there) {
        if (!there.isEmpty() && !ifNotExists) {
            throw new UserError(
                    ExitCode.FAILED,
                    "there is a topic " + String.join(", ", there) + " already",
                    "it stays as it is; --if-not-exists takes that for success");
        }
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
                                                    (known.contains(topic) ? THERE : CREATED)
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

    private void printCommand(String topic, int ofTopic, Map<String, String> settings) {
        StringBuilder configs = new StringBuilder();
        settings.forEach(
                (name, value) ->
                        configs.append(" --config ").append(name).append('=').append(value));
        terminal.out()
                .println(
                        "kafka-topics.sh --bootstrap-server \"$BROKERS\" --create --if-not-exists"
                                + " --topic "
                                + topic
                                + " --partitions "
                                + ofTopic
                                + replication.map(n -> " --replication-factor " + n).orElse("")
                                + configs);
    }
}
