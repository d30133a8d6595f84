package dev.thac.app.cli;

import dev.thac.app.budget.BudgetView;
import dev.thac.app.budget.LedgerFigures;
import dev.thac.app.control.BudgetOrders;
import dev.thac.app.control.CompactedTopic;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.event.Money;
import dev.thac.runtime.BudgetOrder;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the commands on budgets have in common. */
final class BudgetArgument {

    private static final Pattern AMOUNT =
            Pattern.compile("([0-9]+(?:\\.[0-9]{1,9})?) ?(?:USD)?", Pattern.CASE_INSENSITIVE);

    private BudgetArgument() {}

    /** All budgets by name. */
    static Map<String, BudgetView> views(KafkaAccess access, Instant now)
            throws InterruptedException {
        return BudgetView.all(
                LedgerFigures.read(access), CompactedTopic.STATUS.latest(access), now);
    }

    /**
     * One budget.
     *
     * @throws UserError when neither the ledger nor an instance knows it
     */
    static BudgetView view(KafkaAccess access, String name, Instant now)
            throws InterruptedException {
        Map<String, BudgetView> all = views(access, now);
        BudgetView view = all.get(name);
        if (view == null) {
            throw new UserError(
                    ExitCode.FAILED,
                    "no budget \"" + name + "\" is known at " + access.brokers(),
                    all.isEmpty()
                            ? "a budget is known once an instance has used it"
                            : "there are " + String.join(", ", all.keySet()));
        }
        return view;
    }

    /** An amount as typed: {@code 30}, {@code 30USD} or {@code 30 USD}. */
    static Money amount(List<String> words) {
        String text = String.join(" ", words).strip();
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            throw UserError.usage(
                    "\"" + text + "\" is no amount of money", "write it as 30 USD or 30");
        }
        Money amount = Money.usd(new BigDecimal(matcher.group(1)));
        if (amount.nanos() == 0) {
            throw UserError.usage(
                    "the amount must be more than nothing",
                    "`thac budget pause` stops all calls that cost");
        }
        return amount;
    }

    /** The order that stands for a budget. */
    static BudgetOrder order(KafkaAccess access, String name) throws InterruptedException {
        return BudgetOrders.of(CompactedTopic.CONTROL.latest(access))
                .getOrDefault(name, BudgetOrder.NONE);
    }

    /** Writes an order; every instance hears it within a second. */
    static void give(Terminal terminal, KafkaAccess access, String name, BudgetOrder order)
            throws InterruptedException {
        try (Admin admin = access.admin();
                Producer<byte[], byte[]> producer = access.producer(Map.of())) {
            CompactedTopic.CONTROL.create(access, admin);
            CompactedTopic.CONTROL.write(
                    producer,
                    BudgetOrders.key(name),
                    BudgetOrders.tree(order, DesiredStateOrder.by(terminal)));
        }
    }

    /** One budget as text. */
    static void print(Terminal terminal, BudgetView view, Instant now) {
        terminal.out()
                .println(
                        view.name()
                                + view.told()
                                        .map(
                                                told ->
                                                        "  "
                                                                + told.state()
                                                                + "  "
                                                                + told.limit()
                                                                + " per "
                                                                + told.per()
                                                                + ", until "
                                                                + told.end())
                                        .orElse(
                                                "  since "
                                                        + view.start()
                                                        + ", limit not reported"));
        row(terminal, "spent", view.spent().toString());
        row(
                terminal,
                "reserved",
                view.held(BudgetView.Life.LIVE)
                        + " by live instances, "
                        + view.held(BudgetView.Life.DEAD)
                        + " by dead ones");
        row(terminal, "forecast", view.forecast(now) + " at the end of the period");
        view.told()
                .filter(told -> !told.reason().isEmpty())
                .ifPresent(told -> row(terminal, "now", told.reason()));
    }

    static void row(Terminal terminal, String name, String value) {
        terminal.out().printf("  %-10s %s%n", name, value);
    }
}
