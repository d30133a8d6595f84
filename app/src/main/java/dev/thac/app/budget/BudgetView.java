package dev.thac.app.budget;

import dev.thac.event.Money;
import dev.thac.runtime.BudgetStatus;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One budget in its present period, put together from the ledger and from what instances report.
 *
 * @param name its name
 * @param start when the period began
 * @param told what the instance that spoke last says of the budget; empty where none ever did
 * @param holders who has taken money, and what is known of it
 */
public record BudgetView(String name, Instant start, Optional<Told> told, List<Holder> holders) {

    /** An instance that has said nothing for so long is taken for dead. */
    private static final Duration SILENT = Duration.ofSeconds(15);

    /** Copies the list. */
    public BudgetView {
        holders = List.copyOf(holders);
    }

    /** What became of who holds money. */
    public enum Life {
        /** Reports now. */
        LIVE,
        /** Ended in order: what it still holds, it has spent. */
        ENDED,
        /** Neither: what it has spent since its last report is not known. */
        DEAD
    }

    /**
     * Who has taken money of a budget.
     *
     * @param name its name in the ledger
     * @param life what became of it
     * @param leases what it took
     * @param spent what it says it has spent; of one that ended, all it holds
     * @param open what its open calls could cost when it last reported
     */
    public record Holder(
            String name, Life life, List<LedgerFigures.Lease> leases, Money spent, Money open) {

        /**
         * All it has taken.
         *
         * @return the sum of its leases
         */
        public Money taken() {
            return leases.stream().map(LedgerFigures.Lease::amount).reduce(Money.ZERO, Money::plus);
        }

        /** Taken, and not known to be spent. */
        Money held() {
            return new Money(Math.max(0, taken().nanos() - spent.nanos()));
        }
    }

    /**
     * What an instance says of a budget.
     *
     * @param at when
     * @param end when the period ends
     * @param limit the limit in force
     * @param per the kind of period
     * @param state the budget's state
     * @param atLimit what happens at the limit
     * @param reason why calls wait or events go on without
     */
    public record Told(
            Instant at,
            Instant end,
            Money limit,
            String per,
            String state,
            String atLimit,
            String reason) {}

    /** One status report's words on one budget. */
    private record Report(Instant at, Map<?, ?> tree) {
        String text(String key) {
            return String.valueOf(tree.get(key));
        }

        Instant instant(String key) {
            return Instant.parse(text(key));
        }

        Money money(String key) {
            return new Money(Long.parseLong(text(key)));
        }

        Told told() {
            return new Told(
                    at,
                    instant("end"),
                    money("limitNanos"),
                    text("per"),
                    text("state"),
                    text("atLimit"),
                    text("reason"));
        }
    }

    /**
     * All budgets that the ledger or an instance knows.
     *
     * @param figures the ledger
     * @param reports the latest entries of {@code thac.status}
     * @param now the time
     * @return by name
     */
    public static Map<String, BudgetView> all(
            LedgerFigures figures, Map<String, Map<?, ?>> reports, Instant now) {
        Map<String, List<Report>> said = said(reports);
        Map<String, Instant> periods = figures.latestPeriods();
        said.forEach(
                (name, words) ->
                        words.forEach(
                                each ->
                                        periods.merge(
                                                name,
                                                each.instant("start"),
                                                (one, other) -> one.isAfter(other) ? one : other)));
        Map<String, BudgetView> all = new LinkedHashMap<>();
        periods.forEach(
                (name, start) ->
                        all.put(
                                name,
                                of(name, start, figures, said.getOrDefault(name, List.of()), now)));
        return all;
    }

    private static Map<String, List<Report>> said(Map<String, Map<?, ?>> reports) {
        Map<String, List<Report>> said = new LinkedHashMap<>();
        for (Map<?, ?> report : reports.values()) {
            if (report.get("budgets") instanceof List<?> budgets && report.get("at") != null) {
                Instant at = Instant.parse(String.valueOf(report.get("at")));
                for (Object budget : budgets) {
                    if (budget instanceof Map<?, ?> tree) {
                        said.computeIfAbsent(
                                        String.valueOf(tree.get("name")), _ -> new ArrayList<>())
                                .add(new Report(at, tree));
                    }
                }
            }
        }
        return said;
    }

    private static BudgetView of(
            String name, Instant start, LedgerFigures figures, List<Report> said, Instant now) {
        List<Holder> holders = new ArrayList<>();
        figures.holders(name, start)
                .forEach(
                        (holder, leases) ->
                                holders.add(holder(holder, leases, start, figures, said, now)));
        Optional<Told> told =
                said.stream()
                        .filter(each -> each.instant("start").equals(start))
                        .max((one, other) -> one.at().compareTo(other.at()))
                        .map(Report::told);
        return new BudgetView(name, start, told, holders);
    }

    private static Holder holder(
            String name,
            List<LedgerFigures.Lease> leases,
            Instant start,
            LedgerFigures figures,
            List<Report> said,
            Instant now) {
        Money taken =
                leases.stream().map(LedgerFigures.Lease::amount).reduce(Money.ZERO, Money::plus);
        if (figures.ended().stream().anyMatch(ended -> is(name, ended))) {
            return new Holder(name, Life.ENDED, leases, taken, Money.ZERO);
        }
        Report last = null;
        for (Report each : said) {
            if (is(name, each.text("holder")) && (last == null || last.at().isBefore(each.at()))) {
                last = each;
            }
        }
        if (last == null) { // nothing is known: it may all be spent
            return new Holder(name, Life.DEAD, leases, taken, Money.ZERO);
        }
        boolean silent = Duration.between(last.at(), now).compareTo(SILENT) > 0;
        boolean present = last.instant("start").equals(start);
        return new Holder(
                name,
                silent ? Life.DEAD : Life.LIVE,
                leases,
                present ? last.money("spentHereNanos") : Money.ZERO,
                present ? last.money("reservedHereNanos") : Money.ZERO);
    }

    /** Whether the ledger's name of a holder is that of a process. */
    private static boolean is(String holder, String process) {
        return holder.startsWith(process + '~');
    }

    /**
     * What is known to be spent.
     *
     * @return an amount
     */
    public Money spent() {
        return holders.stream()
                .map(each -> new Money(each.taken().nanos() - each.held().nanos()))
                .reduce(Money.ZERO, Money::plus);
    }

    /**
     * What is held by those that live or are dead, and not known to be spent.
     *
     * @param life which of them
     * @return an amount
     */
    public Money held(Life life) {
        return holders.stream()
                .filter(each -> each.life() == life)
                .map(Holder::held)
                .reduce(Money.ZERO, Money::plus);
    }

    /**
     * What will be spent by the end of the period, if it goes on as since its beginning.
     *
     * @param now the time
     * @return the amount; what is spent, where the end is not known
     */
    public Money forecast(Instant now) {
        return told.map(words -> BudgetStatus.forecast(spent(), start, words.end(), now))
                .orElse(spent());
    }

    /**
     * The view as JSON. The keys are an interface of ours.
     *
     * @param now the time
     * @return the tree
     */
    public Map<String, @Nullable Object> tree(Instant now) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("budget", name);
        tree.put("per", told.map(Told::per).orElse(null));
        tree.put("start", start.toString());
        tree.put("end", told.map(words -> words.end().toString()).orElse(null));
        tree.put("limitUsd", told.map(words -> usd(words.limit())).orElse(null));
        tree.put("spentUsd", usd(spent()));
        tree.put("reservedByLiveUsd", usd(held(Life.LIVE)));
        tree.put("reservedByDeadUsd", usd(held(Life.DEAD)));
        tree.put("forecastUsd", usd(forecast(now)));
        tree.put("state", told.map(Told::state).orElse(null));
        tree.put("atLimit", told.map(Told::atLimit).orElse(null));
        tree.put("reason", told.map(Told::reason).orElse(null));
        return tree;
    }

    private static String usd(Money money) {
        return money.toUsd().toPlainString();
    }
}
