package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.GroupState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac groups list}. */
@Command(
        name = "list",
        header = "List consumer groups and their state.",
        mixinStandardHelpOptions = true)
final class GroupsListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    GroupsListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        try (Admin admin = access.admin()) {
            List<GroupListing> groups =
                    access
                            .await(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all())
                            .stream()
                            .sorted(Comparator.comparing(GroupListing::groupId))
                            .toList();
            if (output == OutputFormat.json) {
                terminal.out()
                        .println(
                                Json.pretty(
                                        groups.stream()
                                                .map(
                                                        each ->
                                                                Map.of(
                                                                        "group",
                                                                        each.groupId(),
                                                                        "state",
                                                                        state(each)))
                                                .toList()));
            } else {
                groups.forEach(
                        each -> terminal.out().printf("%-20s %s%n", state(each), each.groupId()));
            }
        }
        return ExitCode.OK.number();
    }

    private static String state(GroupListing group) {
        return group.groupState()
                .map(GroupState::toString)
                .orElse("unknown")
                .toLowerCase(Locale.ROOT);
    }
}
