package dev.thac.app.cli;

import dev.thac.app.budget.BudgetView;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.event.Money;
import dev.thac.runtime.BudgetOrder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code thac budget raise}. */
@Command(
        name = "raise",
        header = "Add money to a budget, for this period only.",
        description = "In the next period the limit of the files holds again.",
        mixinStandardHelpOptions = true)
final class BudgetRaiseCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "1..2",
            paramLabel = "AMOUNT",
            description = "What is added to the limit, for example 10 USD.")
    private List<String> amount = new ArrayList<>();

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetRaiseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Money more = BudgetArgument.amount(amount);
        KafkaAccess access = brokers.access(terminal);
        Instant now = Instant.now();
        BudgetView.Told told =
                BudgetArgument.view(access, name, now)
                        .told()
                        .filter(words -> words.end().isAfter(now))
                        .orElseThrow(
                                () ->
                                        new UserError(
                                                ExitCode.FAILED,
                                                "no instance has reported the limit of budget "
                                                        + name
                                                        + " in this period",
                                                "`thac budget set " + name + " LIMIT` needs none"));
        BudgetOrder before = BudgetArgument.order(access, name);
        if (before.limit().isPresent() && before.until().isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "the limit of budget " + name + " was set to " + before.limit().get(),
                    "`thac budget set " + name + " LIMIT` changes that");
        }
        Money limit = before.limit(told.limit(), now).plus(more);
        BudgetArgument.give(
                terminal,
                access,
                name,
                new BudgetOrder(Optional.of(limit), Optional.of(told.end()), before.paused()));
        terminal.out()
                .println("budget " + name + ": the limit is " + limit + " until " + told.end());
        return ExitCode.OK.number();
    }
}
