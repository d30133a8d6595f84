package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.event.Money;
import dev.thac.runtime.BudgetOrder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code thac budget set}. */
@Command(
        name = "set",
        header = "Give a budget another limit, for this period and those to come.",
        description =
                "It stays so, over restarts too, whatever the files say, until it is set again;"
                        + " `set NAME file` makes the files hold again. What is spent stays spent.",
        mixinStandardHelpOptions = true)
final class BudgetSetCommand implements Callable<Integer> {

    private static final String FILE = "file";

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "1..2",
            paramLabel = "LIMIT",
            description = "For example 30 USD; or `file`.")
    private List<String> limit = new ArrayList<>();

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetSetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<Money> wanted =
                limit.equals(List.of(FILE))
                        ? Optional.empty()
                        : Optional.of(BudgetArgument.amount(limit));
        KafkaAccess access = brokers.access(terminal);
        BudgetOrder before = BudgetArgument.order(access, name);
        BudgetArgument.give(
                terminal, access, name, new BudgetOrder(wanted, Optional.empty(), before.paused()));
        terminal.out()
                .println(
                        "budget "
                                + name
                                + ": the limit is "
                                + wanted.map(Money::toString).orElse("that of the files")
                                + " from now on");
        return ExitCode.OK.number();
    }
}
