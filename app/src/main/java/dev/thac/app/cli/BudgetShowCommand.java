package dev.thac.app.cli;

import dev.thac.app.budget.BudgetView;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac budget show}. */
@Command(
        name = "show",
        header = "One budget, and who holds its money.",
        description = "A budget of a pipeline goes by the pipeline's name.",
        mixinStandardHelpOptions = true)
final class BudgetShowCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    BudgetShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        Instant now = Instant.now();
        BudgetView view = BudgetArgument.view(access, name, now);
        if (output == OutputFormat.json) {
            Map<String, @Nullable Object> tree = view.tree(now);
            tree.put("holders", view.holders().stream().map(BudgetShowCommand::tree).toList());
            terminal.out().println(Json.pretty(tree));
        } else {
            BudgetArgument.print(terminal, view, now);
            for (BudgetView.Holder holder : view.holders()) {
                BudgetArgument.row(
                        terminal,
                        word(holder),
                        holder.taken() + " held by " + holder.name() + ", spent " + holder.spent());
            }
        }
        return ExitCode.OK.number();
    }

    private static Map<String, Object> tree(BudgetView.Holder holder) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("holder", holder.name());
        tree.put("life", word(holder));
        tree.put("takenUsd", holder.taken().toUsd().toPlainString());
        tree.put("spentUsd", holder.spent().toUsd().toPlainString());
        return tree;
    }

    private static String word(BudgetView.Holder holder) {
        return holder.life().name().toLowerCase(Locale.ROOT);
    }
}
