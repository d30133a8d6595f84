package dev.thac.app.cli;

import picocli.CommandLine.Command;

/** {@code thac dlq}: what can be done with dead letters stands in commands of its own. */
@Command(
        name = "dlq",
        header = "Look at dead letters, send them again, delete them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "ACTION")
final class DlqCommand {}
