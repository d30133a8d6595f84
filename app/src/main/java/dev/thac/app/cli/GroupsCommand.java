package dev.thac.app.cli;

import picocli.CommandLine.Command;

/** {@code thac groups}: what can be done with groups stands in commands of its own. */
@Command(
        name = "groups",
        header = "Consumer groups: list, lag, reset.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "ACTION")
final class GroupsCommand {}
