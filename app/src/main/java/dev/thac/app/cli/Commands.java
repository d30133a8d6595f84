package dev.thac.app.cli;

import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Version;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The commands by name. Only the one that is asked for is loaded, so that a short command starts
 * quickly; all of them only where the whole list is to be shown.
 */
public final class Commands {

    private record Entry(String name, Function<Terminal, Object> create, List<Entry> actions) {
        Entry(String name, Function<Terminal, Object> create) {
            this(name, create, List.of());
        }

        CommandLine commandLine(Terminal terminal) {
            CommandLine line = new CommandLine(create.apply(terminal));
            actions.forEach(
                    action -> line.addSubcommand(action.name, action.commandLine(terminal)));
            return line;
        }
    }

    private static final List<Entry> ALL =
            List.of(
                    new Entry("dev", DevCommand::new),
                    new Entry("check", CheckCommand::new),
                    new Entry("test", TestCommand::new),
                    new Entry("try", TryCommand::new),
                    new Entry("eval", EvalCommand::new),
                    new Entry("plan", PlanCommand::new),
                    new Entry("run", RunCommand::new),
                    new Entry("status", StatusCommand::new),
                    new Entry("pause", PauseCommand::new),
                    new Entry("resume", ResumeCommand::new),
                    new Entry("replay", ReplayCommand::new),
                    new Entry("explain", ExplainCommand::new),
                    new Entry(
                            "cost",
                            CostCommand::new,
                            List.of(new Entry("reconcile", CostReconcileCommand::new))),
                    new Entry(
                            "prices",
                            PricesCommand::new,
                            List.of(
                                    new Entry("diff", PricesDiffCommand::new),
                                    new Entry("import", PricesImportCommand::new),
                                    new Entry("set", PricesSetCommand::new))),
                    new Entry(
                            "budget",
                            _ -> new BudgetCommand(),
                            List.of(
                                    new Entry("list", BudgetListCommand::new),
                                    new Entry("show", BudgetShowCommand::new),
                                    new Entry("set", BudgetSetCommand::new),
                                    new Entry("raise", BudgetRaiseCommand::new),
                                    new Entry("pause", BudgetPauseCommand::new),
                                    new Entry("resume", BudgetResumeCommand::new),
                                    new Entry("reset", BudgetResetCommand::new))),
                    new Entry("doctor", DoctorCommand::new),
                    new Entry("simulate", SimulateCommand::new),
                    new Entry("broker", BrokerCommand::new),
                    new Entry(
                            "topics",
                            _ -> new TopicsCommand(),
                            List.of(
                                    new Entry("create", TopicsCreateCommand::new),
                                    new Entry("list", TopicsListCommand::new),
                                    new Entry("describe", TopicsDescribeCommand::new),
                                    new Entry("config", TopicsConfigCommand::new),
                                    new Entry("delete", TopicsDeleteCommand::new))),
                    new Entry(
                            "dlq",
                            _ -> new DlqCommand(),
                            List.of(
                                    new Entry("ls", DlqListCommand::new),
                                    new Entry("show", DlqShowCommand::new),
                                    new Entry("redrive", DlqRedriveCommand::new),
                                    new Entry("purge", DlqPurgeCommand::new))),
                    new Entry(
                            "groups",
                            _ -> new GroupsCommand(),
                            List.of(
                                    new Entry("list", GroupsListCommand::new),
                                    new Entry("describe", GroupsDescribeCommand::new),
                                    new Entry("reset", GroupsResetCommand::new))),
                    new Entry("produce", ProduceCommand::new),
                    new Entry("generate-events", GenerateEventsCommand::new),
                    new Entry("tail", TailCommand::new),
                    new Entry(
                            "generate",
                            _ -> new GenerateCommand(),
                            List.of(
                                    new Entry("alerts", GenerateAlertsCommand::new),
                                    new Entry("schema", GenerateSchemaCommand::new))),
                    new Entry("version", VersionCommand::new));

    private Commands() {}

    /**
     * Runs one command line.
     *
     * @param arguments as given to the process
     * @param terminal where to talk
     * @return the exit code
     */
    public static int run(String[] arguments, Terminal terminal) {
        CommandLine line = commandLine(arguments, terminal);
        configure(line, terminal);
        int code = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    /** All commands as they are typed, those of groups after their group. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Entry entry : ALL) {
            names.add(entry.name());
            entry.actions().forEach(action -> names.add(entry.name() + " " + action.name()));
        }
        return names;
    }

    private static CommandLine commandLine(String[] arguments, Terminal terminal) {
        CommandLine line = new CommandLine(new ThacCommand());
        for (Entry entry : asked(arguments).map(List::of).orElse(ALL)) {
            line.addSubcommand(entry.name(), entry.commandLine(terminal));
        }
        return line;
    }

    private static Optional<Entry> asked(String[] arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        return ALL.stream().filter(entry -> entry.name().equals(first)).findFirst();
    }

    private static void configure(CommandLine line, Terminal terminal) {
        ErrorReport report = new ErrorReport(terminal);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(terminal.outColors() ? Ansi.ON : Ansi.OFF));
        line.getCommandSpec().versionProvider(new Version());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(report);
        line.setExecutionExceptionHandler(report);
        line.getSubcommands().values().forEach(sub -> configure(sub, terminal));
    }
}
