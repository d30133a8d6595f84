package dev.thac.app.cli;

import dev.thac.app.doctor.ModelChecks;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Style;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.kafka.ClientSettings;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.Preflight;
import dev.thac.runtime.RuntimeSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac doctor}. */
@Command(
        name = "doctor",
        header = "Connect to what a pipeline needs and say what is wrong.",
        description =
                "Brokers, topics, rights, sizes, transactions, the consumer group, backlog, clocks,"
                        + " models; whatever is wrong comes with what to do about it. Without FILE:"
                        + " this machine only.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A pipeline file.")
    private @Nullable String file;

    @Option(
            names = "--probe-models",
            description = "Make one tiny call of each model; costs a fraction of a cent.")
    private boolean probeModels;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.ok("java", Runtime.version() + " in " + System.getProperty("java.home")));
        if (file != null) {
            ofFile(PipelineFiles.load(terminal.resolve(file)), findings);
        }
        boolean failed = findings.stream().anyMatch(Finding::failed);
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("ok", !failed);
            tree.put("findings", findings.stream().map(DoctorCommand::tree).toList());
            terminal.out().println(Json.pretty(tree));
        } else {
            findings.forEach(this::print);
        }
        return (failed ? ExitCode.FAILED : ExitCode.OK).number();
    }

    private void ofFile(Loaded loaded, List<Finding> findings) throws InterruptedException {
        int problems = loaded.problems().all().size();
        if (problems > 0) {
            findings.add(
                    Finding.fail(
                            ErrorCode.BAD_SPEC,
                            "file",
                            loaded.file() + " has problems: " + problems,
                            "thac check " + loaded.file()));
            return;
        }
        findings.add(Finding.ok("file", loaded.file() + " has no problems"));
        try {
            KafkaAccess access = brokers.access(terminal, loaded.project());
            findings.add(Finding.ok("producer", producer(loaded.orThrow(), access)));
            findings.addAll(
                    Preflight.of(
                            loaded.orThrow(),
                            loaded.project(),
                            RuntimeSettings.of(access.brokers()).withKafka(access.settings()),
                            Ticker.system()));
        } catch (UserError e) {
            findings.add(unreachable(String.valueOf(e.getMessage()), e.help()));
        } catch (ThacException e) {
            findings.add(unreachable(String.valueOf(e.getMessage()), KafkaAccess.HELP));
        }
        findings.addAll(
                new ModelChecks(terminal.environment(), probeModels)
                        .of(loaded.flow(), loaded.prices()));
    }

    private static String producer(PipelineSpec spec, KafkaAccess access) {
        Map<String, String> kafka = new HashMap<>(access.settings());
        kafka.putAll(spec.kafka());
        return ClientSettings.producerInWords(kafka, spec.delivery());
    }

    private static Finding unreachable(String message, String help) {
        return Finding.fail(ErrorCode.KAFKA_UNAVAILABLE, "brokers", message, help);
    }

    private static Map<String, Object> tree(Finding finding) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("level", finding.level().name());
        tree.put("subject", finding.subject());
        tree.put("message", finding.message());
        tree.put("fix", finding.fix());
        finding.code().ifPresent(code -> tree.put("code", code.label()));
        return tree;
    }

    private void print(Finding finding) {
        Style style =
                switch (finding.level()) {
                    case OK -> Style.GREEN;
                    case WARN -> Style.YELLOW;
                    case FAIL -> Style.RED;
                };
        String level = "%-5s".formatted(finding.level().name().toUpperCase(Locale.ROOT));
        terminal.out()
                .println(
                        style.paint(level, terminal.outColors())
                                + " "
                                + finding.subject()
                                + ": "
                                + finding.message());
        if (!finding.fix().isEmpty()) {
            terminal.out().println("      " + finding.fix());
        }
    }
}
