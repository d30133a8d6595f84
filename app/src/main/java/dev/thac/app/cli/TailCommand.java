package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac tail}. */
@Command(
        name = "tail",
        header = "Print the records of a topic and follow it.",
        description =
                "One value a line. Reads committed records only, unless --uncommitted "
                        + "is given.",
        mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Terminal terminal;

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description =
                    "earliest, latest, or how many records before the end of each partition"
                            + " (default: ${DEFAULT-VALUE}).")
    private String from = "10";

    @Option(names = "--limit", paramLabel = "N", description = "End after so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = {"-e", "--exit-at-end"},
            description = "End at what was the end of the topic at the start.")
    private boolean exitAtEnd;

    @Option(names = "-J", description = "Print envelopes as kcat -J does.")
    private boolean envelopes;

    @Option(names = "--uncommitted", description = "Records of open and aborted transactions too.")
    private boolean uncommitted;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        KafkaAccess access = brokers.access(terminal);
        try (Shutdown shutdown = Shutdown.within(STOP_LIMIT);
                Consumer<byte[], byte[]> consumer =
                        access.consumer(
                                Map.of(
                                        "isolation.level",
                                        uncommitted ? "read_uncommitted" : "read_committed"))) {
            List<TopicPartition> partitions = partitions(access, consumer);
            consumer.assign(partitions);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            seek(consumer, end);
            OutputStream out = new BufferedOutputStream(terminal.out(), 1 << 16);
            long printed = 0;
            while (printed < limit
                    && !shutdown.requested()
                    && !(exitAtEnd && reached(consumer, end))) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    boolean late = exitAtEnd && record.offset() >= endOf(record, end);
                    if (printed < limit && !late) {
                        print(record, out);
                        printed++;
                    }
                }
                out.flush();
            }
            return (shutdown.requested() ? ExitCode.INTERRUPTED : ExitCode.OK).number();
        } catch (TimeoutException e) {
            throw access.unreachable(e);
        }
    }

    private List<TopicPartition> partitions(KafkaAccess access, Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "there is no topic " + topic + " at " + access.brokers(),
                    "`thac topics list` shows what is there");
        }
        return known.stream().map(each -> new TopicPartition(topic, each.partition())).toList();
    }

    private void seek(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> end) {
        switch (from) {
            case "earliest" -> consumer.seekToBeginning(end.keySet());
            case "latest" -> end.forEach(consumer::seek);
            default -> {
                long back = back();
                Map<TopicPartition, Long> first = consumer.beginningOffsets(end.keySet());
                end.forEach(
                        (place, last) ->
                                consumer.seek(
                                        place,
                                        Math.max(first.getOrDefault(place, 0L), last - back)));
            }
        }
    }

    private long back() {
        try {
            long back = Long.parseLong(from);
            if (back >= 0) {
                return back;
            }
        } catch (NumberFormatException e) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--from cannot be \"" + from + "\"",
                    "earliest, latest, or a number of records",
                    e);
        }
        throw UserError.usage(
                "--from cannot be negative: " + from, "earliest, latest, or a number");
    }

    private static boolean reached(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> end) {
        return end.entrySet().stream()
                .allMatch(place -> consumer.position(place.getKey()) >= place.getValue());
    }

    private static long endOf(
            ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> end) {
        return end.getOrDefault(
                new TopicPartition(record.topic(), record.partition()), Long.MAX_VALUE);
    }

    private void print(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
        if (envelopes) {
            out.write(Json.line(Envelope.of(record)).getBytes(StandardCharsets.UTF_8));
        } else if (record.value() != null) {
            out.write(record.value());
        } else {
            out.write("null".getBytes(StandardCharsets.UTF_8));
        }
        out.write('\n');
    }
}
