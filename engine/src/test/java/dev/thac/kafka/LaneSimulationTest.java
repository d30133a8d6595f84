package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Lanes on simulated brokers, thousands of times. {@code -Dthac.sim.seeds=N} runs so many seeds,
 * {@code -Dthac.sim.first=N} begins at that one, {@code -Dthac.sim.seed=N} runs one alone and
 * prints what happened.
 */
class LaneSimulationTest {

    private static final int SEEDS = Integer.getInteger("thac.sim.seeds", 10_000);
    private static final int FIRST = Integer.getInteger("thac.sim.first", 1);
    private static final int LINES = 400;

    @Test
    void everyRunKeepsThePromises() {
        Long alone = Long.getLong("thac.sim.seed");
        if (alone != null) {
            Simulation.trace(alone).forEach(System.err::println);
            Simulation.run(alone);
            return;
        }
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                Simulation.run(seed);
            } catch (DeliveryAudit.Violation e) {
                List<String> trace = Simulation.trace(seed);
                String told =
                        String.join(
                                "\n",
                                trace.subList(Math.max(0, trace.size() - LINES), trace.size()));
                fail("seed " + seed + ": " + e.getMessage() + '\n' + told, e);
            }
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        assertThat(Simulation.trace(7)).isEqualTo(Simulation.trace(7)).hasSizeGreaterThan(20);
    }
}
