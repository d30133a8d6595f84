package dev.thac.app.cli;

import dev.thac.app.deadletter.DeadLetterCounts;
import dev.thac.app.deadletter.Redrive;
import dev.thac.app.deadletter.Redrive.Fate;
import dev.thac.app.deadletter.RetryTarget;
import dev.thac.app.deadletter.RetryTargets;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code thac dlq redrive}. */
@Command(
        name = "redrive",
        header = "Send dead letters on their way again.",
        description = {
            "Into the pipeline's first retry topic, so that every stage judges them anew; never"
                + " into the source. What a sink refused goes to that sink alone. Only shows what"
                + " it would do unless --execute is given.",
            "Interrupted and started again, it goes on where it was: no dead letter is sent "
                    + "twice."
        },
        mixinStandardHelpOptions = true)
final class DlqRedriveCommand implements Callable<Integer> {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})(/s)?");

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE|PIPELINE")
    private String pipeline = "";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "topic-partition@offset of the event or of the dead letter; repeatable.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--execute", description = "Really send.")
    private boolean execute;

    @Option(names = "--rate", paramLabel = "N/s", description = "Send at most N a second.")
    private @Nullable String rate;

    @Option(names = "--max", paramLabel = "N", description = "Send at most N in all.")
    private long max = Long.MAX_VALUE;

    @Option(
            names = "--max-redrives",
            paramLabel = "N",
            description =
                    "Leave those that were sent again N times and came back every time"
                            + " (default: ${DEFAULT-VALUE}).")
    private int maxRedrives = 3;

    @Option(
            names = "--ask-again",
            description = "Ask analyses again that were settled before the event failed.")
    private boolean askAgain;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final DeadLetterOptions options = new DeadLetterOptions();
    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    DlqRedriveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        double perSecond = perSecond();
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        Redrive redrive =
                new Redrive(
                        access,
                        argument.name(),
                        options.topic(argument),
                        targets(argument, access),
                        options.selection(argument, ids),
                        maxRedrives);
        if (!execute) {
            print(redrive, redrive.preview(max));
            terminal.err().println("nothing was sent; add --execute to do it");
            return ExitCode.OK.number();
        }
        try (Shutdown shutdown = Shutdown.within(STOP_LIMIT)) {
            print(redrive, redrive.execute(max, perSecond, shutdown));
            return (shutdown.requested() ? ExitCode.INTERRUPTED : ExitCode.OK).number();
        }
    }

    private RetryTargets targets(PipelineArgument argument, KafkaAccess access)
            throws InterruptedException {
        try (Admin admin = access.admin()) {
            RetryTopicSearch search = new RetryTopicSearch(access, admin);
            Map<String, RetryTarget> sinks = new LinkedHashMap<>();
            for (Map.Entry<String, String> each : search.ofSinks(argument.name()).entrySet()) {
                sinks.put(each.getKey(), RetryTarget.of(access, admin, each.getValue(), askAgain));
            }
            Optional<String> first = search.first(argument, sinks.isEmpty());
            Optional<RetryTarget> pipeline =
                    first.isEmpty()
                            ? Optional.empty()
                            : Optional.of(RetryTarget.of(access, admin, first.get(), askAgain));
            return new RetryTargets(pipeline, sinks);
        }
    }

    private double perSecond() {
        if (rate == null) {
            return Double.POSITIVE_INFINITY;
        }
        Matcher matcher = RATE.matcher(rate);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw UserError.usage("--rate cannot be \"" + rate + "\"", "write it like 50/s");
        }
        return Double.parseDouble(matcher.group(1));
    }

    private void print(Redrive redrive, Redrive.Result result) {
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("executed", execute);
            tree.put("from", redrive.deadLetters());
            tree.put("to", redrive.retry().topics());
            tree.put("sent", result.count(Fate.SENT));
            tree.put("sentBefore", result.count(Fate.SENT_BEFORE));
            tree.put("refused", refused(result));
            tree.put(
                    "groups",
                    result.sent().groups().stream().map(DeadLetterCounts.Group::tree).toList());
            terminal.out().println(Json.pretty(tree));
        } else {
            terminal.out()
                    .println(
                            (execute ? "sent        " : "would send  ")
                                    + Words.count(result.count(Fate.SENT), "dead letter")
                                    + " from "
                                    + redrive.deadLetters()
                                    + " to "
                                    + redrive.retry().topics());
            result.sent()
                    .groups()
                    .forEach(group -> terminal.out().println(group.text().getFirst()));
            row(result, Fate.SENT_BEFORE, "sent before");
            row(
                    result,
                    Fate.LOOP,
                    "refused: came back after " + maxRedrives + " redrives (--max-redrives)");
            row(
                    result,
                    Fate.WITHOUT_TARGET,
                    "refused: neither the pipeline nor the sink has a retry topic for it");
            row(result, Fate.WITHOUT_VALUE, "refused: the value was too large to be kept");
            row(result, Fate.WITHOUT_SOURCE, "refused: does not say where it came from");
        }
        terminal.err().println(redrive.deadLetters() + ": " + result.scan().line());
    }

    private void row(Redrive.Result result, Fate fate, String words) {
        if (result.count(fate) > 0) {
            terminal.out().println("%,9d  %s".formatted(result.count(fate), words));
        }
    }

    private static Map<String, Object> refused(Redrive.Result result) {
        return Map.of(
                "loop", result.count(Fate.LOOP),
                "withoutValue", result.count(Fate.WITHOUT_VALUE),
                "withoutTarget", result.count(Fate.WITHOUT_TARGET),
                "withoutSource", result.count(Fate.WITHOUT_SOURCE));
    }
}
