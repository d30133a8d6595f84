package dev.thac.app.cli;

import dev.thac.app.budget.BudgetReset;
import dev.thac.app.budget.BudgetView;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.producer.Producer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac budget reset}. */
@Command(
        name = "reset",
        header = "Release what dead instances have reserved and not spent.",
        description =
                "An instance that was killed keeps what it had reserved until the period ends,"
                    + " because nobody knows what it spent last. This releases all but what it last"
                    + " reported as spent or in flight, and nothing of one that never reported."
                    + " Calls it made after that report (every 3 s) can then pass the limit, and so"
                    + " can an instance that lives but does not report.",
        mixinStandardHelpOptions = true)
final class BudgetResetCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(names = "--execute", description = "Really do it.")
    private boolean execute;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetResetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        BudgetView view = BudgetArgument.view(access, name, Instant.now());
        BudgetReset reset = BudgetReset.of(view);
        if (execute) {
            try (Producer<byte[], byte[]> producer = access.producer(Map.of("acks", "all"))) {
                reset.execute(producer);
            }
        }
        print(reset);
        if (!execute) {
            terminal.err().println("nothing was changed; add --execute to do it");
        }
        return ExitCode.OK.number();
    }

    private void print(BudgetReset reset) {
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("executed", execute);
            tree.put("budget", name);
            tree.put("releasedUsd", reset.released().toUsd().toPlainString());
            tree.put("holders", reset.holders().stream().map(BudgetView.Holder::name).toList());
            terminal.out().println(Json.pretty(tree));
            return;
        }
        terminal.out()
                .println(
                        (execute ? "released  " : "would release  ")
                                + reset.released()
                                + " of "
                                + Words.count(reset.holders().size(), "dead instance"));
        reset.holders()
                .forEach(
                        holder ->
                                BudgetArgument.row(
                                        terminal,
                                        "dead",
                                        holder.name()
                                                + " took "
                                                + holder.taken()
                                                + ", last reported "
                                                + holder.spent()
                                                + " spent and "
                                                + holder.open()
                                                + " in flight"));
    }
}
