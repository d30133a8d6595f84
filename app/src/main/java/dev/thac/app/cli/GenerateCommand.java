package dev.thac.app.cli;

import picocli.CommandLine.Command;

/** {@code thac generate}: what can be generated stands in commands of its own. */
@Command(
        name = "generate",
        header = "Write ready files to standard output.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT")
final class GenerateCommand {}
