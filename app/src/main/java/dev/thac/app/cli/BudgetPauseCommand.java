package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.runtime.BudgetOrder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code thac budget pause}. */
@Command(
        name = "pause",
        header = "Stop all calls that a budget pays for.",
        description =
                "Calls wait, whatever atLimit says; calls in flight are finished, what is free goes"
                        + " on. It stays so until `thac budget resume`.",
        mixinStandardHelpOptions = true)
final class BudgetPauseCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetPauseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        BudgetOrder before = BudgetArgument.order(access, name);
        BudgetArgument.give(
                terminal, access, name, new BudgetOrder(before.limit(), before.until(), true));
        terminal.out().println("budget " + name + " is to pause: calls that cost will wait");
        return ExitCode.OK.number();
    }
}
