package dev.thac.app.cli;

import dev.thac.app.group.GroupReset;
import dev.thac.app.group.GroupState;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** {@code thac groups reset}. */
@Command(
        name = "reset",
        header = "Let a group read from somewhere else.",
        description = {
            "Only while it has no members. What lies before is never read; what lies behind is "
                    + "read, and paid for, again.",
            "Only shows what it would do unless --execute is given."
        },
        mixinStandardHelpOptions = true)
final class GroupsResetCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "GROUP|FILE")
    private String group = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "WHERE",
            description =
                    "earliest, latest, an offset, or a time: 2026-11-01T08:00:00Z, or 2h for two"
                            + " hours ago.")
    private String to = "";

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "Only here; repeatable. Default: the sources of FILE, or all that GROUP has"
                            + " commits for.")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--execute", description = "Really do it.")
    private boolean execute;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    GroupsResetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        GroupArgument argument = GroupArgument.of(terminal, group);
        KafkaAccess access = argument.access(terminal, brokers);
        try (Admin admin = access.admin();
                Consumer<byte[], byte[]> consumer =
                        access.consumer(Map.of("isolation.level", "read_committed"))) {
            GroupState state = GroupState.of(access, admin, argument.group());
            GroupReset reset =
                    GroupReset.to(consumer, argument.group(), topics(argument, state), to);
            if (execute && !state.members().isEmpty()) {
                throw GroupReset.inUse(argument.group(), null);
            }
            if (execute) {
                reset.execute(access, admin);
            }
            print(state, reset);
        }
        if (!execute) {
            terminal.err().println("nothing was changed; add --execute to do it");
        }
        return ExitCode.OK.number();
    }

    private List<String> topics(GroupArgument argument, GroupState state) {
        if (!topics.isEmpty()) {
            return topics;
        }
        if (!argument.topics().isEmpty()) {
            return argument.topics();
        }
        TreeSet<String> committed = new TreeSet<>();
        state.commits().keySet().forEach(place -> committed.add(place.topic()));
        if (committed.isEmpty()) {
            throw UserError.usage(
                    "group " + group + " has no commits, so its topics are not known",
                    "name them with --topic, or give the pipeline's file");
        }
        return List.copyOf(committed);
    }

    private void print(GroupState state, GroupReset reset) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        reset.offsets().entrySet().stream()
                .sorted(Comparator.comparing(each -> each.getKey().toString()))
                .forEach(each -> rows.add(row(state, each.getKey(), each.getValue())));
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("executed", execute);
            tree.put("group", reset.group());
            tree.put("partitions", rows);
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out().println((execute ? "reset        " : "would reset  ") + reset.group());
        for (Map<String, @Nullable Object> row : rows) {
            terminal.out()
                    .printf(
                            "  %s-%s  from %s to %s%n",
                            row.get("topic"),
                            row.get("partition"),
                            row.get("from") == null ? "nothing" : row.get("from"),
                            row.get("to"));
        }
    }

    private static Map<String, @Nullable Object> row(
            GroupState state, TopicPartition place, long offset) {
        OffsetAndMetadata commit = state.commits().get(place);
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("topic", place.topic());
        row.put("partition", place.partition());
        row.put("from", commit == null ? null : commit.offset());
        row.put("to", offset);
        return row;
    }
}
