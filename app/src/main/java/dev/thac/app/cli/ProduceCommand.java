package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.Durations;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Lines;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac produce}. */
@Command(
        name = "produce",
        header = "Write lines as records.",
        description = "Each line is the value of one record.",
        mixinStandardHelpOptions = true)
final class ProduceCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE",
            description = "Lines to write; - is standard input (default: ${DEFAULT-VALUE}).")
    private String input = "-";

    @Option(
            names = {"-k", "--key"},
            paramLabel = "PATH",
            description = "Take the key from the JSON value, for example id or value.id.")
    private @Nullable String key;

    @Option(
            names = "-J",
            description = "Lines are envelopes as printed by kcat -J and thac tail -J.")
    private boolean envelopes;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "N",
            description = "Write all of them to this partition. Default: the key decides.")
    private @Nullable Integer partition;

    @Option(
            names = "--compression",
            paramLabel = "KIND",
            description = "none, gzip, snappy, lz4 or zstd (default: ${DEFAULT-VALUE}).")
    private String compression = "lz4";

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            description = "How long records wait for others (default: ${DEFAULT-VALUE}).")
    private String linger = "5ms";

    @Option(
            names = "--batch",
            paramLabel = "BYTES",
            description = "Most bytes of one batch of a partition (default: ${DEFAULT-VALUE}).")
    private int batch = 16_384;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        @Nullable UserError stopped = null;
        TopicWriter writer = TopicWriter.open(access, topic, settings());
        try (writer;
                BufferedReader lines = Lines.open(terminal, input)) {
            requirePartition(writer);
            long number = 0;
            String line = lines.readLine();
            while (line != null && !writer.refused()) {
                number++;
                if (!line.isBlank()) {
                    writer.write(placed(record(line, number)));
                }
                line = lines.readLine();
            }
        } catch (UserError e) {
            stopped = e;
        } catch (IOException e) {
            stopped = new UserError(ExitCode.FAILED, "cannot read " + input + ": " + e, "", e);
        }
        terminal.err().println(Words.count(writer.written(), "record") + " written to " + topic);
        writer.throwTrouble(stopped);
        return ExitCode.OK.number();
    }

    private void requirePartition(TopicWriter writer) {
        if (partition != null) {
            int there = writer.partitions(topic);
            if (partition < 0 || partition >= there) {
                throw new UserError(
                        ExitCode.FAILED,
                        topic + " has no partition " + partition,
                        "it has " + Words.count(there, "partition") + ", the first is 0");
            }
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "compression.type",
                compression,
                "linger.ms",
                String.valueOf(Durations.parse("--linger", linger).toMillis()),
                "batch.size",
                String.valueOf(batch));
    }

    private ProducerRecord<byte[], byte[]> placed(ProducerRecord<byte[], byte[]> record) {
        return partition == null
                ? record
                : new ProducerRecord<>(
                        topic,
                        partition,
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers());
    }

    private ProducerRecord<byte[], byte[]> record(String line, long number) {
        if (!envelopes && key == null) {
            return new ProducerRecord<>(topic, Envelope.bytes(line));
        }
        Object tree = Lines.json(line, number, input);
        try {
            return envelopes
                    ? Envelope.record(topic, tree)
                    : new ProducerRecord<>(topic, keyOf(tree), Envelope.bytes(line));
        } catch (IllegalArgumentException e) {
            throw UserError.usage("line " + number + " of " + input + ": " + e.getMessage(), "");
        }
    }

    private byte @Nullable [] keyOf(@Nullable Object tree) {
        String path = String.valueOf(key);
        String inside = path.startsWith("value.") ? path.substring("value.".length()) : path;
        Object at = tree;
        for (String name : inside.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return Envelope.bytes(at);
    }
}
