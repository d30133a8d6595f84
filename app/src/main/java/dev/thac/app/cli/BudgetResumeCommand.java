package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.runtime.BudgetOrder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code thac budget resume}. */
@Command(
        name = "resume",
        header = "Let calls be paid from a budget again.",
        description = "Takes back `thac budget pause`.",
        mixinStandardHelpOptions = true)
final class BudgetResumeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        BudgetOrder before = BudgetArgument.order(access, name);
        BudgetArgument.give(
                terminal, access, name, new BudgetOrder(before.limit(), before.until(), false));
        terminal.out().println("budget " + name + " is to be paid from again");
        return ExitCode.OK.number();
    }
}
