package dev.thac.app.cli;

import dev.thac.app.deadletter.DeadLetter;
import dev.thac.app.deadletter.Selection;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.RecordHeaders;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac dlq show}. */
@Command(
        name = "show",
        header = "Dead letters in full: error, headers, key and value.",
        mixinStandardHelpOptions = true)
final class DlqShowCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "FILE|PIPELINE")
    private String pipeline = "";

    @Parameters(
            index = "1..*",
            paramLabel = "ID",
            description = "topic-partition@offset of the event, or of the dead letter itself.")
    private List<String> ids = new ArrayList<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Show so many, the oldest first (default: ${DEFAULT-VALUE}).")
    private long limit = 10;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text, or json: one line each (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final DeadLetterOptions options = new DeadLetterOptions();
    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    DlqShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        String topic = options.topic(argument);
        Selection selection = options.selection(argument, ids);
        List<DeadLetter> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                access.consumer(Map.of("isolation.level", "read_committed"))) {
            TopicScan scan =
                    TopicScan.read(
                            consumer,
                            TopicRange.all(consumer, List.of(topic)),
                            record -> {
                                DeadLetter letter = new DeadLetter(record);
                                if (selection.holds(letter)) {
                                    found.add(letter);
                                }
                                return found.size() < limit;
                            });
            found.forEach(this::print);
            terminal.err().println(topic + ": " + scan.line());
        }
        if (found.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "no such dead letter of " + argument.name() + " in " + topic,
                    "`thac dlq ls " + pipeline + "` shows what is there");
        }
        return ExitCode.OK.number();
    }

    private void print(DeadLetter letter) {
        if (output == OutputFormat.json) {
            terminal.out().println(Json.line(tree(letter)));
            return;
        }
        terminal.out()
                .println(
                        letter.source().map(Object::toString).orElse("unknown event")
                                + "  "
                                + letter.reason()
                                + " at "
                                + letter.stage());
        terminal.out().println("  " + letter.message().replace("\n", "\n  "));
        terminal.out().println("  dead letter " + letter.place());
        RecordHeaders.all(letter.record())
                .forEach((name, value) -> terminal.out().println("  " + name + ": " + value));
        terminal.out().println("  key    " + text(letter.record().key()));
        terminal.out().println("  value  " + text(letter.record().value()));
    }

    private static Map<String, @Nullable Object> tree(DeadLetter letter) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("source", letter.source().map(Object::toString).orElse(null));
        tree.put("deadLetter", letter.place().toString());
        tree.put("reason", letter.reason());
        tree.put("stage", letter.stage());
        tree.put("message", letter.message());
        tree.put("failedAt", letter.failedAt().toString());
        tree.put("headers", RecordHeaders.all(letter.record()));
        tree.put("key", text(letter.record().key()));
        tree.put("value", text(letter.record().value()));
        return tree;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
