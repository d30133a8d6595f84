package dev.thac.app.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Money;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

class BudgetViewTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final List<LedgerFigures.Lease> leases = new ArrayList<>();
    private final Map<String, Map<?, ?>> reports = new TreeMap<>();

    @Test
    void whatAKilledRunHasSpentIsKnownThoughItsSuccessorReportsUnderTheSameName() {
        lease("p.i.run1", 1, 600);
        lease("p.i.run1", 2, 400);
        lease("p.i.run2", 1, 100);
        report("~p.i.run1", "p.i.run1", 60, 250, 50);
        report("p|i", "p.i.run2", 1, 20, 30);

        BudgetReset reset = BudgetReset.of(view());

        assertThat(reset.released()).isEqualTo(new Money(700));
        assertThat(reset.holders())
                .extracting(BudgetView.Holder::name)
                .containsExactly("p.i.run1~run1");
    }

    @Test
    void nothingIsReleasedOfARunThatNothingIsKnownOf() {
        lease("p.i.run1", 1, 600);
        report("p|i", "p.i.run2", 1, 20, 30);

        assertThat(BudgetReset.of(view()).released()).isEqualTo(Money.ZERO);
        assertThat(view().spent()).isEqualTo(new Money(600));
    }

    @Test
    void theLatestOfTwoReportsOfARunCounts() {
        lease("p.i.run1", 1, 600);
        report("p|i", "p.i.run1", 2, 200, 0);
        report("~p.i.run1", "p.i.run1", 5, 150, 0);

        assertThat(view().holders())
                .containsExactly(
                        new BudgetView.Holder(
                                "p.i.run1~run1",
                                BudgetView.Life.LIVE,
                                leases,
                                new Money(200),
                                Money.ZERO));
    }

    private BudgetView view() {
        return BudgetView.all(new LedgerFigures(leases, Set.of()), reports, NOW)
                .getOrDefault("b", new BudgetView("none", START, Optional.empty(), List.of()));
    }

    private void lease(String run, int number, long nanos) {
        String key = "lease|b|" + START + "|" + run + "~run1|" + number;
        leases.add(
                new LedgerFigures.Lease(
                        key, "b", START, run + "~run1", new Money(nanos), Map.of("amount", nanos)));
    }

    private void report(String key, String run, int secondsAgo, long spent, long reserved) {
        Map<String, Object> budget = new TreeMap<>();
        budget.put("name", "b");
        budget.put("start", START.toString());
        budget.put("end", "2026-12-01T00:00:00Z");
        budget.put("limitNanos", 1_000);
        budget.put("per", "month");
        budget.put("state", "ok");
        budget.put("atLimit", "pause");
        budget.put("reason", "");
        budget.put("spentHereNanos", spent);
        budget.put("reservedHereNanos", reserved);
        budget.put("holder", run);
        reports.put(
                key,
                Map.of("at", NOW.minusSeconds(secondsAgo).toString(), "budgets", List.of(budget)));
    }
}
