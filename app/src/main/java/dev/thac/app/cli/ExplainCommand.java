package dev.thac.app.cli;

import dev.thac.app.control.PipelinePlaces;
import dev.thac.app.explain.EventSearch;
import dev.thac.app.explain.FreeStages;
import dev.thac.app.explain.Trace;
import dev.thac.app.group.GroupState;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Times;
import dev.thac.app.terminal.UserError;
import dev.thac.event.RecordId;
import dev.thac.pipeline.ContextSpec;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineSpec;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** {@code thac explain}. */
@Command(
        name = "explain",
        header = "What became of one event, and why.",
        description = {
            "Looks for the event and for all that was written for it: outputs, retries, dead "
                    + "letters. With FILE, also what the free stages make of it today, and"
                    + " the text that models are given.",
            "Reads from the brokers only, near the event's time, and says what it looked at."
        },
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "FILE|PIPELINE")
    private String pipeline = "";

    @Parameters(
            index = "1",
            paramLabel = "ID",
            description =
                    "topic-partition@offset; or what `id:` of the file names the event; or, with"
                            + " a pipeline's name alone, the record's key.")
    private String id = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Look from then on: 2026-11-01T08:00:00Z, or 2h for two hours ago. Default:"
                            + " from the event's own time, or the newest records.")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Look at N offsets of each topic at most (default: ${DEFAULT-VALUE}).")
    private long limit = 200_000;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    /** The event, and whether its record is still there. */
    private record Found(
            RecordId id,
            Optional<ConsumerRecord<byte[], byte[]>> record,
            Optional<ConsumerRecord<byte[], byte[]>> relayed) {
        Found(RecordId id, Optional<ConsumerRecord<byte[], byte[]>> record) {
            this(id, record, Optional.empty());
        }

        Found at(Optional<ConsumerRecord<byte[], byte[]>> place) {
            return new Found(id, record, place);
        }

        /** What the lanes read: the record itself, or the one that stands for it. */
        RecordId read() {
            return relayed.map(FreeStages::id).orElse(id);
        }
    }

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        PipelinePlaces places = argument.places(access);
        Optional<Instant> start =
                Optional.ofNullable(since).map(text -> Times.parse("--since", text));
        try (Admin admin = access.admin();
                Consumer<byte[], byte[]> consumer =
                        access.consumer(Map.of("isolation.level", "read_committed"))) {
            EventSearch search = new EventSearch(consumer, limit);
            Found source = find(argument, places, search, start);
            Optional<Instant> near =
                    start.or(() -> source.record().map(it -> Instant.ofEpochMilli(it.timestamp())));
            GroupState group = GroupState.of(access, admin, places.group());
            Set<String> known = access.await(admin.listTopics().names());
            Found event = source.at(relayed(argument, known, search, near, source.id()));
            List<Trace> traces = new ArrayList<>();
            for (String topic : places.routes()) {
                add(traces, known, search, topic, near, event.id());
            }
            Map<Duration, String> retries = new RetryTopicSearch(access, admin).of(argument.name());
            for (Map.Entry<Duration, String> retry : retries.entrySet()) {
                for (ConsumerRecord<byte[], byte[]> record :
                        search.written(retry.getValue(), start, event.id())) {
                    traces.add(
                            new Trace(
                                    Trace.Kind.RETRY,
                                    record,
                                    Optional.of(retry.getKey()),
                                    group.finished(
                                            record.topic(), record.partition(), record.offset())));
                }
            }
            if (known.contains(places.deadLetter())) {
                for (ConsumerRecord<byte[], byte[]> record :
                        search.written(places.deadLetter(), near, event.id())) {
                    traces.add(trace(Trace.Kind.DEAD_LETTER, record));
                }
            }
            print(argument, event, group, traces);
            search.scans().forEach(line -> terminal.err().println(line));
            return ExitCode.OK.number();
        }
    }

    private static void add(
            List<Trace> traces,
            Set<String> known,
            EventSearch search,
            String topic,
            Optional<Instant> near,
            RecordId id)
            throws InterruptedException {
        if (known.contains(topic)) {
            for (ConsumerRecord<byte[], byte[]> record : search.written(topic, near, id)) {
                traces.add(trace(Trace.Kind.OUTPUT, record));
            }
        }
    }

    /** The record that brought the event to the lanes with its history. */
    private static Optional<ConsumerRecord<byte[], byte[]>> relayed(
            PipelineArgument argument,
            Set<String> known,
            EventSearch search,
            Optional<Instant> near,
            RecordId id)
            throws InterruptedException {
        String topic = ContextSpec.topic(argument.name());
        boolean relays =
                argument.file().flatMap(Loaded::spec).flatMap(PipelineSpec::context).isPresent();
        return relays && known.contains(topic)
                ? search.written(topic, near, id).stream().findFirst()
                : Optional.empty();
    }

    private static Trace trace(Trace.Kind kind, ConsumerRecord<byte[], byte[]> record) {
        return new Trace(kind, record, Optional.empty(), true);
    }

    private Found find(
            PipelineArgument argument,
            PipelinePlaces places,
            EventSearch search,
            Optional<Instant> start)
            throws InterruptedException {
        if (id.matches(".+-\\d{1,9}@\\d{1,18}")) {
            RecordId coordinates = RecordId.parse(id);
            if (places.sources().contains(coordinates.topic())) {
                return new Found(coordinates, search.at(coordinates));
            }
        }
        Predicate<ConsumerRecord<byte[], byte[]>> meant =
                argument.file().isPresent()
                        ? FreeStages.of(argument.file().get()).named(id)
                        : record -> id.equals(text(record.key()));
        Optional<ConsumerRecord<byte[], byte[]>> record =
                search.newest(places.sources(), start, meant);
        if (record.isEmpty()) {
            search.scans().forEach(line -> terminal.err().println(line));
            throw new UserError(
                    ExitCode.FAILED,
                    "no event " + id + " of " + argument.name() + " was found",
                    argument.file().isPresent()
                            ? "look further back with --since or --limit"
                            : "give the pipeline's file, whose `id:` names its events, or"
                                    + " topic-partition@offset");
        }
        return new Found(FreeStages.id(record.get()), record);
    }

    private void print(PipelineArgument argument, Found event, GroupState group, List<Trace> traces)
            throws InterruptedException {
        RecordId place = event.id();
        RecordId read = event.read();
        boolean done = group.finished(read.topic(), read.partition(), read.offset());
        Optional<Map<String, @Nullable Object>> free = Optional.empty();
        Map<String, String> inputs = Map.of();
        if (argument.file().isPresent() && event.record().isPresent()) {
            FreeStages stages = FreeStages.of(argument.file().get());
            ConsumerRecord<byte[], byte[]> input = event.relayed().or(event::record).get();
            free = Optional.of(stages.judge(input));
            inputs =
                    stages.inputs(
                            input,
                            traces.stream()
                                    .filter(trace -> trace.kind() == Trace.Kind.OUTPUT)
                                    .map(Trace::record)
                                    .toList());
        }
        if (output == OutputFormat.json) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("event", place.toString());
            tree.put("inSource", event.record().isPresent());
            tree.put("finished", done);
            tree.put("written", traces.stream().map(Trace::tree).toList());
            free.ifPresent(stages -> tree.put("freeStages", stages));
            if (!inputs.isEmpty()) {
                tree.put("inputs", inputs);
            }
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out()
                .println(
                        place
                                + event.record()
                                        .map(ExplainCommand::line)
                                        .orElse("  is not in the source any more"));
        terminal.out()
                .println(
                        done
                                ? "finished by group " + group.group()
                                : "not finished: group " + group.group() + " has not committed it");
        for (Trace each : traces) {
            each.text().forEach(terminal.out()::println);
        }
        if (traces.isEmpty() && done) {
            terminal.out().println("nothing was written: filtered, or no route was meant for it");
        }
        free.ifPresent(stages -> terminal.out().println("free stages  " + Json.line(stages)));
        inputs.forEach(
                (analysis, text) -> {
                    terminal.out().println("models are given for " + analysis);
                    text.lines().forEach(line -> terminal.out().println("  " + line));
                });
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        return "  "
                + Instant.ofEpochMilli(record.timestamp())
                + "  key "
                + text(record.key())
                + "  "
                + (record.value() == null ? 0 : record.value().length)
                + " bytes";
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
