package dev.thac.app.cli;

import picocli.CommandLine.Command;

/** {@code thac budget}: what can be done with budgets stands in commands of its own. */
@Command(
        name = "budget",
        header = "Budgets: what is spent and reserved; raise, set, pause, resume, reset.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "ACTION")
final class BudgetCommand {}
