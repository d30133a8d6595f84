package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code thac topics delete}. */
@Command(
        name = "delete",
        header = "Delete topics and all their records.",
        description = "Only shows what it would do unless --execute is given.",
        mixinStandardHelpOptions = true)
final class TopicsDeleteCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "TOPIC")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--execute", description = "Really delete.")
    private boolean execute;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    TopicsDeleteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        try (Admin admin = access.admin()) {
            Set<String> known = access.await(admin.listTopics().names());
            List<String> missing = topics.stream().filter(topic -> !known.contains(topic)).toList();
            if (!missing.isEmpty()) {
                throw new UserError(
                        ExitCode.FAILED,
                        "there is no topic " + String.join(", ", missing),
                        "nothing was deleted; `thac topics list` shows them");
            }
            if (execute) {
                access.await(admin.deleteTopics(topics).all());
            }
        }
        String prefix = execute ? "deleted       " : "would delete  ";
        topics.forEach(topic -> terminal.out().println(prefix + topic));
        if (!execute) {
            terminal.err().println("nothing was deleted; add --execute to do it");
        }
        return ExitCode.OK.number();
    }
}
