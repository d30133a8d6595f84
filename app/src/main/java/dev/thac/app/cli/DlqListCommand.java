package dev.thac.app.cli;

import dev.thac.app.deadletter.DeadLetter;
import dev.thac.app.deadletter.DeadLetterCounts;
import dev.thac.app.deadletter.Selection;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.consumer.Consumer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac dlq ls}. */
@Command(
        name = "ls",
        header = "Dead letters by reason and stage.",
        description = "How many, from when to when, and the newest of each as an example.",
        mixinStandardHelpOptions = true)
final class DlqListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE|PIPELINE")
    private String pipeline = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Look at the newest N only (default: ${DEFAULT-VALUE}).")
    private long limit = 100_000;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final DeadLetterOptions options = new DeadLetterOptions();
    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    DlqListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        String topic = options.topic(argument);
        Selection selection = options.selection(argument, List.of());
        DeadLetterCounts counts = new DeadLetterCounts();
        TopicScan scan;
        try (Consumer<byte[], byte[]> consumer =
                access.consumer(Map.of("isolation.level", "read_committed"))) {
            TopicRange range = TopicRange.all(consumer, List.of(topic)).newest(limit);
            scan =
                    TopicScan.read(
                            consumer,
                            range,
                            record -> {
                                DeadLetter letter = new DeadLetter(record);
                                if (selection.holds(letter)) {
                                    counts.add(letter);
                                }
                                return true;
                            });
        }
        print(topic, counts);
        terminal.err().println(topic + ": " + scan.line());
        return ExitCode.OK.number();
    }

    private void print(String topic, DeadLetterCounts counts) {
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("topic", topic);
            tree.put("total", counts.total());
            tree.put("groups", counts.groups().stream().map(DeadLetterCounts.Group::tree).toList());
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out().println(topic + "  " + Words.count(counts.total(), "dead letter"));
        counts.groups().forEach(group -> group.text().forEach(terminal.out()::println));
    }
}
