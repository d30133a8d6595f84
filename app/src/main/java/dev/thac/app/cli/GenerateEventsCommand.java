package dev.thac.app.cli;

import dev.thac.app.sample.SampleEvent;
import dev.thac.app.sample.SampleEvents;
import dev.thac.app.sample.SampleKind;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Times;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac generate-events}. */
@Command(
        name = "generate-events",
        header = "Make up orders, clicks, reviews or transactions.",
        description = {
            "As topics get them: with bursts (one user clicks more than a hundred times in a "
                    + "minute), late ones (up to 59 seconds after they happened), a few twice, a "
                    + "few cut off. The same options give the same bytes.",
            "Lines go to standard output at once, or to a topic. Events from now on (--start now, "
                    + "the default with --topic) come as they happen."
        },
        mixinStandardHelpOptions = true)
final class GenerateEventsCommand implements Callable<Integer> {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);
    private static final int LOOK_EVERY = 256;

    private final Terminal terminal;

    @Parameters(paramLabel = "KIND", description = "orders, clicks, reviews or transactions.")
    private String kind = "";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "How many. Default: without end.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Events a second on average, by their times; bursts come on top"
                            + " (default: ${DEFAULT-VALUE}).")
    private double rate = 20;

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "Users, customers or authors (default: ${DEFAULT-VALUE}).")
    private int users = SampleEvents.USERS;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Another number makes other events (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description =
                    "When the first one happens: 2026-11-01T08:00:00Z, 2h (ago), now. Default:"
                            + " 2026-11-01T00:00:00Z; now with --topic.")
    private @Nullable String start;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            description = "Write them to this topic, with keys.")
    private @Nullable String topic;

    @Option(
            names = "-J",
            description = "Print envelopes with key and time, as `thac produce -J` reads them.")
    private boolean envelopes;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    GenerateEventsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Where events go. */
    private interface Target {
        boolean write(SampleEvent event) throws IOException;

        boolean flush() throws IOException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SampleKind what = kind();
        boolean live = start == null ? topic != null : start.strip().equals("now");
        Instant first = first(live);
        SampleEvents events = events(what, first);
        try (Shutdown shutdown = Shutdown.within(STOP_LIMIT)) {
            boolean all =
                    topic == null
                            ? feed(events, new Printed(what), live, shutdown)
                            : produce(events, topic, live, shutdown);
            return (all ? ExitCode.OK : ExitCode.INTERRUPTED).number();
        }
    }

    private SampleKind kind() {
        return SampleKind.ofTopic(kind)
                .filter(known -> known.word().equals(kind))
                .orElseThrow(
                        () ->
                                UserError.usage(
                                        "there are no made-up \"" + kind + "\"",
                                        "one of " + String.join(", ", SampleKind.words())));
    }

    private Instant first(boolean live) {
        if (live) {
            return Instant.now();
        }
        return start == null ? SampleEvents.START : Times.parse("--start", start);
    }

    private SampleEvents events(SampleKind what, Instant first) {
        if (count < 0) {
            throw UserError.usage("--count cannot be negative: " + count, "");
        }
        try {
            return new SampleEvents(what, seed, first, rate, users);
        } catch (IllegalArgumentException e) {
            throw UserError.usage("--" + e.getMessage(), "");
        }
    }

    private boolean produce(SampleEvents events, String to, boolean live, Shutdown shutdown)
            throws IOException, InterruptedException {
        TopicWriter writer = TopicWriter.open(brokers.access(terminal), to, Map.of());
        boolean all;
        try (writer) {
            all = feed(events, new Produced(writer, to), live, shutdown);
        }
        terminal.err().println(Words.count(writer.written(), "record") + " written to " + to);
        writer.throwTrouble(null);
        return all;
    }

    /** Says whether it went on to the end; false after a signal. */
    private boolean feed(SampleEvents events, Target target, boolean live, Shutdown shutdown)
            throws IOException, InterruptedException {
        for (long made = 0; made < count; made++) {
            SampleEvent event = events.next();
            if (live) {
                Duration wait = Duration.between(Instant.now(), event.sent());
                if (wait.compareTo(SHORTEST_WAIT) > 0 && !target.flush()) {
                    return true;
                }
                if (shutdown.await(wait)) {
                    return false;
                }
            }
            if (!target.write(event) || (made % LOOK_EVERY == 0 && !target.flush())) {
                return true;
            }
            if (shutdown.requested()) {
                return false;
            }
        }
        boolean _ = target.flush();
        return true;
    }

    /** Lines on standard output; a reader that has seen enough ends it. */
    private final class Printed implements Target {
        private final OutputStream out = new BufferedOutputStream(terminal.out(), 1 << 16);
        private final SampleKind what;

        Printed(SampleKind what) {
            this.what = what;
        }

        @Override
        public boolean write(SampleEvent event) throws IOException {
            out.write(line(event).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
            return true;
        }

        @Override
        public boolean flush() throws IOException {
            out.flush();
            return !terminal.out().checkError();
        }

        private String line(SampleEvent event) {
            if (!envelopes) {
                return event.value();
            }
            Map<String, Object> envelope = new LinkedHashMap<>();
            envelope.put("topic", what.topic());
            envelope.put("ts", event.sent().toEpochMilli());
            envelope.put("key", event.key());
            envelope.put("payload", event.value());
            return Json.line(envelope);
        }
    }

    /** Records of a topic. */
    private record Produced(TopicWriter writer, String to) implements Target {
        @Override
        public boolean write(SampleEvent event) {
            writer.write(
                    new ProducerRecord<>(
                            to,
                            null,
                            event.sent().toEpochMilli(),
                            event.key().getBytes(StandardCharsets.UTF_8),
                            event.value().getBytes(StandardCharsets.UTF_8)));
            return !writer.refused();
        }

        @Override
        public boolean flush() {
            return !writer.refused();
        }
    }
}
