package dev.thac.app.cli;

import dev.thac.app.deadletter.DeadLetter;
import dev.thac.app.deadletter.DeadLetterCounts;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.kafka.TopicScan;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Times;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac dlq purge}. */
@Command(
        name = "purge",
        header = "Delete dead letters for good.",
        description = {
            "Kafka deletes the beginning of a partition, never single records: so all dead "
                    + "letters up to a point go, whatever their reason, of every pipeline that "
                    + "writes to the topic. Send again first what is still wanted.",
            "Only shows what it would do unless --execute is given."
        },
        mixinStandardHelpOptions = true)
final class DlqPurgeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE|PIPELINE")
    private String pipeline = "";

    @Option(names = "--all", description = "All there are now.")
    private boolean all;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "In each partition those before the first that failed then or later:"
                            + " 2026-11-01T08:00:00Z, or 24h for a day ago.")
    private @Nullable String until;

    @Option(
            names = "--upto",
            paramLabel = "PARTITION@OFFSET",
            description = "In this partition those below this offset; repeatable.")
    private List<String> upto = List.of();

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "The dead-letter topic. Default: of the file, else PIPELINE.dlq.")
    private @Nullable String topic;

    @Option(names = "--execute", description = "Really delete.")
    private boolean execute;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    /** What goes: per partition the offset below which all is deleted. */
    private record Doomed(Map<TopicPartition, Long> below, DeadLetterCounts counts) {}

    DlqPurgeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((all ? 1 : 0) + (until == null ? 0 : 1) + (upto.isEmpty() ? 0 : 1) != 1) {
            throw UserError.usage(
                    "how far to purge is not clear", "give one of --all, --until and --upto");
        }
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        String from = topic == null ? argument.deadLetters() : topic;
        try (Admin admin = access.admin();
                Consumer<byte[], byte[]> consumer =
                        access.consumer(Map.of("isolation.level", "read_committed"))) {
            Doomed doomed = doomed(consumer, TopicRange.all(consumer, List.of(from)));
            if (execute) {
                Map<TopicPartition, RecordsToDelete> orders = new HashMap<>();
                doomed.below()
                        .forEach(
                                (place, offset) ->
                                        orders.put(place, RecordsToDelete.beforeOffset(offset)));
                access.await(admin.deleteRecords(orders).all());
            }
            print(from, doomed);
        }
        if (!execute) {
            terminal.err().println("nothing was deleted; add --execute to do it");
        }
        return ExitCode.OK.number();
    }

    private Doomed doomed(Consumer<byte[], byte[]> consumer, TopicRange range)
            throws InterruptedException {
        Map<TopicPartition, Long> below = new HashMap<>(all ? range.to() : given(range));
        if (until != null) {
            below.putAll(range.to());
            Instant end = Times.parse("--until", until);
            TopicScan.read(
                    consumer,
                    range,
                    record -> {
                        DeadLetter letter = new DeadLetter(record);
                        if (!letter.failedAt().isBefore(end)) {
                            below.merge(
                                    new TopicPartition(record.topic(), record.partition()),
                                    record.offset(),
                                    Math::min);
                        }
                        return true;
                    });
        }
        below.entrySet().removeIf(each -> each.getValue() <= range.start(each.getKey()));
        DeadLetterCounts counts = new DeadLetterCounts();
        TopicScan.read(
                consumer,
                new TopicRange(range.from(), below, range.available()),
                record -> {
                    counts.add(new DeadLetter(record));
                    return true;
                });
        return new Doomed(below, counts);
    }

    private Map<TopicPartition, Long> given(TopicRange range) {
        Map<TopicPartition, Long> below = new HashMap<>();
        for (String each : upto) {
            if (!each.matches("\\d{1,9}@\\d{1,18}")) {
                throw UserError.usage("--upto cannot be \"" + each + "\"", "write it like 0@1200");
            }
            int at = each.indexOf('@');
            int partition = Integer.parseInt(each.substring(0, at));
            TopicPartition place =
                    range.to().keySet().stream()
                            .filter(known -> known.partition() == partition)
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            UserError.usage(
                                                    "there is no partition " + partition,
                                                    "`thac topics describe` shows them"));
            below.put(place, Math.min(range.end(place), Long.parseLong(each.substring(at + 1))));
        }
        return below;
    }

    private void print(String from, Doomed doomed) {
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("executed", execute);
            tree.put("topic", from);
            tree.put("deleted", doomed.counts().total());
            tree.put(
                    "groups",
                    doomed.counts().groups().stream().map(DeadLetterCounts.Group::tree).toList());
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out()
                .println(
                        (execute ? "deleted       " : "would delete  ")
                                + Words.count(doomed.counts().total(), "dead letter")
                                + " of "
                                + from);
        doomed.counts().groups().forEach(group -> terminal.out().println(group.text().getFirst()));
    }
}
