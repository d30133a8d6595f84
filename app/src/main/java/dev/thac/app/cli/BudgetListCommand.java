package dev.thac.app.cli;

import dev.thac.app.budget.BudgetView;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac budget list}. */
@Command(
        name = "list",
        header = "All budgets: limit, spent, reserved, forecast, state.",
        description =
                "From the ledger and from what instances report; needs the brokers only. A budget's"
                        + " limit is known once an instance has reported it.",
        mixinStandardHelpOptions = true)
final class BudgetListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        Instant now = Instant.now();
        Map<String, BudgetView> views = BudgetArgument.views(access, now);
        if (output == OutputFormat.json) {
            terminal.out()
                    .println(
                            Json.pretty(
                                    views.values().stream().map(each -> each.tree(now)).toList()));
            return ExitCode.OK.number();
        }
        if (views.isEmpty()) {
            terminal.err().println("no budget is known at " + access.brokers());
        }
        views.values().forEach(each -> BudgetArgument.print(terminal, each, now));
        return ExitCode.OK.number();
    }
}
