package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
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

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        @Nullable UserError stopped = null;
        TopicWriter writer = TopicWriter.open(access, topic, Map.of());
        try (writer;
                BufferedReader lines = Lines.open(terminal, input)) {
            long number = 0;
            String line = lines.readLine();
            while (line != null && !writer.refused()) {
                number++;
                if (!line.isBlank()) {
                    writer.write(record(line, number));
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
