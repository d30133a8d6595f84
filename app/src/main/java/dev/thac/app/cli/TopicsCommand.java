package dev.thac.app.cli;

import picocli.CommandLine.Command;

/** {@code thac topics}: what can be done with topics stands in commands of its own. */
@Command(
        name = "topics",
        header = "Create, list, describe, configure and delete topics.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "ACTION")
final class TopicsCommand {}
