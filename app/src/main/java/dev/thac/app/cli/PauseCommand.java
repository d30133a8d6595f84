package dev.thac.app.cli;

import dev.thac.app.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code thac pause}. */
@Command(
        name = "pause",
        header = "Let all instances of a pipeline stop reading.",
        description =
                "What is open is finished and committed. It stays so, over restarts too, until "
                        + "`thac resume`. Needs the brokers only.",
        mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "PIPELINE|FILE")
    private String pipeline = "";

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    PauseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new DesiredStateOrder(terminal, brokers).give(pipeline, true);
    }
}
