package dev.thac.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thac.model.ModelLimitsSpec;
import dev.thac.spec.Rate;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How calls, instances and repeated questions add up in a plan. */
class PlanLoadTest {

    private final Sketch sketch = new Sketch().model("small", 0.25, 1.25).model("strong", 3, 15);

    private static TierLoad full(String model, int size) {
        return Sketch.tier(model, size, Optional.empty(), 200, 50, 100);
    }

    private static TierLoad windowed(String model, int size) {
        return Sketch.tier(model, size, Optional.of(Sketch.WINDOW), 200, 50, 100);
    }

    private static double day(Plan plan) {
        return plan.usdPerDay().orElseThrow();
    }

    private static List<String> advice(Plan plan, Advice.Kind kind) {
        return plan.advice().stream()
                .filter(each -> each.kind() == kind)
                .map(Advice::text)
                .toList();
    }

    @Test
    void twoCallsAMessageHalveWhatALimitOfCallsAllows() {
        TierLoad call = Sketch.tier("strong", 1, Optional.empty(), 0, 80, 60);
        Sketch limited =
                sketch.limited(
                        "strong",
                        new ModelLimitsSpec(
                                100_000,
                                Optional.of(new Rate(100, Duration.ofSeconds(1))),
                                Optional.empty(),
                                Optional.empty()));

        Plan plan =
                limited.plan(
                        10e6,
                        new AnalysisLoad("one", 1, 0, 0, List.of(call)),
                        new AnalysisLoad("two", 1, 0, 0, List.of(call)));

        assertThat(plan.accounts().getFirst().callsPerMinute().mean() / 60)
                .isCloseTo(231.5, within(0.1));
        assertThat(advice(plan, Advice.Kind.PROBLEM))
                .anySatisfy(text -> assertThat(text).contains("pile up without end"));
    }

    @Test
    void manyInstancesFillTheirBatchesLess() {
        Workload workload = new Workload(1, 1, List.of(Sketch.analysis(0, windowed("strong", 10))));
        Traffic one = Traffic.flat(100_000);
        Traffic five = new Traffic(100_000, one.profile(), one.zone(), 5);

        double alone = Planner.plan(sketch.request(one, workload)).use().calls();
        double shared = Planner.plan(sketch.request(five, workload)).use().calls();

        assertThat(alone).isCloseTo(15_024, within(0.5));
        assertThat(shared).isGreaterThan(45_000);
    }

    @Test
    void answersAskedForAgainArePaidAgain() {
        TierLoad tier = full("strong", 1);
        TierLoad twice =
                new TierLoad(
                        "strong",
                        1,
                        Optional.empty(),
                        tier.input(),
                        tier.output(),
                        tier.thinking(),
                        tier.confidence(),
                        0,
                        0.02,
                        CallTime.USUAL);

        double once = day(sketch.plan(1000, Sketch.analysis(0, tier)));
        double more = day(sketch.plan(1000, Sketch.analysis(0, twice)));

        assertThat(more / once).isCloseTo(1.02, within(1e-9));
    }
}
