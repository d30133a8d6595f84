package dev.thac.app.cli;

import dev.thac.app.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code thac resume}. */
@Command(
        name = "resume",
        header = "Let all instances of a paused pipeline read again.",
        description = "Needs the brokers only.",
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "PIPELINE|FILE")
    private String pipeline = "";

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    ResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new DesiredStateOrder(terminal, brokers).give(pipeline, false);
    }
}
