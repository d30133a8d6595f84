package dev.thac.app.cli;

import dev.thac.app.control.CompactedTopic;
import dev.thac.app.control.PipelinePlaces;
import dev.thac.app.control.ReplayRequest;
import dev.thac.app.control.StatusReports;
import dev.thac.app.group.GroupReset;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Times;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code thac replay}. */
@Command(
        name = "replay",
        header = "Judge a part of a pipeline's source again.",
        description = {
            "The running instances do it beside their work, with a group of its own, and write "
                    + "to the same topics, with the header thac.replay. Models are asked, and "
                    + "paid for, again.",
            "Only shows what it would do unless --execute is given."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "PIPELINE|FILE")
    private String pipeline = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first record's time: 2026-11-01T08:00:00Z, or 2h for two hours ago.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "The time after the last record. Default: now.")
    private @Nullable String to;

    @Option(names = "--execute", description = "Really do it.")
    private boolean execute;

    @Option(
            names = "--cancel",
            paramLabel = "ID",
            description = "End the replay with this id; what it has written stays.")
    private @Nullable String cancel;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((from == null) == (cancel == null)) {
            throw UserError.usage(
                    "what to replay is not clear", "give --from TIME, or --cancel ID");
        }
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        return cancel == null
                ? replay(argument, access, String.valueOf(from))
                : cancel(argument, access, cancel);
    }

    private int replay(PipelineArgument argument, KafkaAccess access, String first)
            throws InterruptedException {
        Instant begin = Times.parse("--from", first);
        Instant end = to == null ? Instant.now() : Times.parse("--to", to);
        if (!begin.isBefore(end)) {
            throw UserError.usage("--from must be before --to", begin + " is not before " + end);
        }
        PipelinePlaces places = argument.places(access);
        try (Admin admin = access.admin();
                Consumer<byte[], byte[]> consumer =
                        access.consumer(Map.of("isolation.level", "read_committed"))) {
            TopicRange all = TopicRange.all(consumer, places.sources());
            TopicRange last = to == null ? all : all.before(consumer, end);
            TopicRange range = last.since(consumer, begin);
            String id = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
            ReplayRequest request =
                    new ReplayRequest(
                            argument.name(),
                            id,
                            begin.toString(),
                            end.toString(),
                            places.group() + ".replay." + id,
                            ReplayRequest.State.requested,
                            ends(range),
                            DesiredStateOrder.by(terminal),
                            Instant.now().toString());
            if (execute && range.offsets() > 0) {
                // where it begins; then the wish, which nobody acts on before
                new GroupReset(request.group(), range.from()).execute(access, admin);
                write(access, admin, request);
            }
            print(request, range);
        }
        if (!execute) {
            terminal.err().println("nothing is replayed; add --execute to do it");
        } else if (StatusReports.read(access).instances(argument.name()) == 0) {
            terminal.err().println("no instance reports now: it begins when one is started");
        }
        return ExitCode.OK.number();
    }

    private int cancel(PipelineArgument argument, KafkaAccess access, String id)
            throws InterruptedException {
        String key = argument.name() + "|replay|" + id;
        Optional<ReplayRequest> known =
                Optional.<Map<?, ?>>ofNullable(CompactedTopic.CONTROL.latest(access).get(key))
                        .flatMap(value -> ReplayRequest.of(key, value));
        ReplayRequest request =
                known.orElseThrow(
                        () ->
                                new UserError(
                                        ExitCode.FAILED,
                                        "there is no replay " + id + " of " + argument.name(),
                                        "`thac status` shows those that run"));
        try (Admin admin = access.admin()) {
            write(access, admin, request.in(ReplayRequest.State.cancelled));
        }
        terminal.out().println("replay " + id + " of " + argument.name() + " is to end");
        return ExitCode.OK.number();
    }

    private static void write(KafkaAccess access, Admin admin, ReplayRequest request)
            throws InterruptedException {
        CompactedTopic.CONTROL.create(access, admin);
        try (Producer<byte[], byte[]> producer = access.producer(Map.of())) {
            CompactedTopic.CONTROL.write(producer, request.key(), request.tree());
        }
    }

    private static Map<String, Long> ends(TopicRange range) {
        Map<String, Long> ends = new TreeMap<>();
        range.to().forEach((place, offset) -> ends.put(place.toString(), offset));
        return ends;
    }

    private void print(ReplayRequest request, TopicRange range) {
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("executed", execute);
            tree.put("pipeline", request.pipeline());
            tree.put("records", range.offsets());
            if (execute) {
                tree.put("id", request.id());
                tree.put("group", request.group());
            }
            tree.put("from", request.from());
            tree.put("to", request.to());
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out()
                .println(
                        (execute ? "replays       " : "would replay  ")
                                + Words.count(range.offsets(), "record")
                                + " of "
                                + request.pipeline()
                                + " from "
                                + request.from()
                                + " to "
                                + request.to());
        if (execute && range.offsets() > 0) {
            terminal.out().println("  id " + request.id() + ", group " + request.group());
        }
    }
}
