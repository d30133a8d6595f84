package dev.thac.cost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

/** The promise: whatever happens to instances and appends, no period's bill passes the limit. */
class LedgerSimulationTest {

    private static final int SEEDS = 100;

    @Test
    void noBillPassesALimitThroughKillsLostAppendsAndLimitChanges() {
        int kills = 0;
        List<Double> used = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            LedgerSimulation run = new LedgerSimulation(LedgerSimulation.Plan.rough(seed));
            Bill bill = run.run();

            assertThat(bill.excesses()).as("seed %d", seed).isEmpty();
            kills += run.kills();
            if (!run.plan().limitChanges()) {
                used.addAll(wholePeriods(bill, "a"));
            }
        }
        assertThat(kills).isGreaterThan(SEEDS * 15);
        double mean = used.stream().mapToDouble(share -> share).average().orElse(0);
        assertThat(mean).isGreaterThan(0.85);
    }

    @Test
    void withoutTroubleTheLimitIsUsedToTheLastCalls() {
        for (long seed = 0; seed < 5; seed++) {
            Bill bill = new LedgerSimulation(LedgerSimulation.Plan.calm(seed)).run();

            assertThat(bill.excesses()).as("seed %d", seed).isEmpty();
            assertThat(wholePeriods(bill, "a")).allMatch(share -> share > 0.97);
            assertThat(wholePeriods(bill, "all")).allMatch(share -> share > 0.97);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBrokenRuleIsSeenOnTheBill(LedgerSimulation.Lie lie) {
        List<String> excesses = new ArrayList<>();
        for (long seed = 0; seed < 5; seed++) {
            Bill bill = new LedgerSimulation(LedgerSimulation.Plan.broken(seed, lie)).run();
            excesses.addAll(bill.excesses());
        }

        assertThat(excesses).isNotEmpty();
    }

    /** Of those in which events arrive for long enough to want more than the limit. */
    private static List<Double> wholePeriods(Bill bill, String budget) {
        List<Double> shares = bill.shares(budget);
        return shares.subList(1, shares.size());
    }
}
