package dev.thac.app.cli;

import dev.thac.app.terminal.Version;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that has all others. */
@Command(
        name = "thac",
        description = "AI judgement on Kafka streams.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Start here: thac dev",
            "Exit codes: 0 ok, 1 failed, 2 usage, 3 cannot connect, 4 budget or price, 5 partly"
                    + " done, 130 interrupted."
        })
final class ThacCommand implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            CommandLine line = spec.commandLine();
            line.usage(line.getErr());
            throw new ParameterException(line, "no command was given");
        }
    }
}
