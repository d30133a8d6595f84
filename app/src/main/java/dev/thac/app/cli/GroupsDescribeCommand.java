package dev.thac.app.cli;

import dev.thac.app.group.GroupLag;
import dev.thac.app.group.GroupState;
import dev.thac.app.group.PartitionLag;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.admin.Admin;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac groups describe}. */
@Command(
        name = "describe",
        header = "How far a group is, in records and in seconds.",
        description =
                "Lag counts the events that are not finished: those beyond the committed offset "
                        + "that are, as the commit notes, are left out.",
        mixinStandardHelpOptions = true)
final class GroupsDescribeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "GROUP|FILE")
    private String group = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    GroupsDescribeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        GroupArgument argument = GroupArgument.of(terminal, group);
        KafkaAccess access = argument.access(terminal, brokers);
        GroupState state;
        try (Admin admin = access.admin()) {
            state = GroupState.of(access, admin, argument.group());
        }
        if (argument.pipeline().isEmpty()) {
            state = state.known();
        }
        print(state, GroupLag.of(access, state, argument.topics()));
        return ExitCode.OK.number();
    }

    private void print(GroupState state, List<PartitionLag> partitions) {
        long records = partitions.stream().mapToLong(PartitionLag::records).sum();
        Duration behind =
                partitions.stream()
                        .flatMap(each -> each.behind().stream())
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("group", state.group());
            tree.put("state", state.state());
            tree.put("members", state.members());
            tree.put("lag", Map.of("records", records, "seconds", behind.toMillis() / 1e3));
            tree.put("partitions", partitions.stream().map(PartitionLag::tree).toList());
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out()
                .println(
                        state.group()
                                + "  "
                                + state.state()
                                + "  "
                                + Words.count(state.members().size(), "member")
                                + "  lag "
                                + Words.count(records, "record")
                                + ", "
                                + Words.duration(behind));
        state.members().forEach(member -> terminal.out().println("  member " + member));
        partitions.forEach(each -> terminal.out().println("  " + line(each)));
    }

    private static String line(PartitionLag each) {
        String note =
                switch (each.metadata()) {
                    case NONE -> "";
                    case FOREIGN -> "  metadata of another program";
                    case MAP -> "  " + each.finishedBeyond() + " finished beyond";
                };
        return "%s-%d  committed %s  end %d  lag %d  %s%s"
                .formatted(
                        each.topic(),
                        each.partition(),
                        each.committed().isPresent() ? each.committed().getAsLong() : "nothing",
                        each.end(),
                        each.records(),
                        Words.duration(each.behind().orElse(Duration.ZERO)),
                        note);
    }
}
