package dev.thac.cost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

/** The promise: whatever happens to instances and appends, no period's bill passes the limit. */
class LedgerSimulationTest {

    @Test
    void noBillPassesALimitThroughKillsLostAppendsAndLimitChanges() {
        for (long seed = 0; seed < Integer.getInteger("seeds", 100); seed++) {
            LedgerSimulation run = new LedgerSimulation(LedgerSimulation.Plan.rough(seed));
            Bill bill = run.run();
            System.out.println(
                    seed
                            + " "
                            + run.kills()
                            + " "
                            + run.settled()
                            + " all "
                            + bill.shares("all")
                            + " a "
                            + bill.shares("a")
                            + " b "
                            + bill.shares("b")
                            + " log "
                            + run.log().entries().size());

            assertThat(bill.excesses()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void theLimitIsUsedToTheLastCalls() {
        for (long seed = 0; seed < 10; seed++) {
            LedgerSimulation run = new LedgerSimulation(LedgerSimulation.Plan.calm(seed));
            Bill bill = run.run();
            System.out.println(
                    "calm "
                            + seed
                            + " "
                            + run.kills()
                            + " "
                            + run.settled()
                            + " all "
                            + bill.shares("all")
                            + " a "
                            + bill.shares("a")
                            + " b "
                            + bill.shares("b")
                            + " log "
                            + run.log().entries().size());
            assertThat(bill.excesses()).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBrokenRuleIsSeenOnTheBill(LedgerSimulation.Lie lie) {
        List<String> excesses = new ArrayList<>();
        int broken = 0;
        for (long seed = 0; seed < 10; seed++) {
            Bill bill = new LedgerSimulation(LedgerSimulation.Plan.rough(seed).with(lie)).run();
            excesses.addAll(bill.excesses());
            broken += bill.excesses().isEmpty() ? 0 : 1;
        }
        System.out.println(lie + " broken " + broken + " " + excesses);

        assertThat(excesses).isNotEmpty();
    }
}
