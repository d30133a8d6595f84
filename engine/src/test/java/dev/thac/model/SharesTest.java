package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Which part of an account a process takes for its own. */
class SharesTest {

    private final Shares shares = new Shares();

    @Test
    void whoeverClaimsNothingHasItAll() {
        assertTotal(1);
    }

    @Test
    void aPipelineHasThePartOfItsSource() {
        shares.hold(claim("reviews"), 0);
        assertTotal(0);

        shares.hold(claim("reviews"), 0.5);

        assertTotal(0.25); // two claims of one pipeline divide it
    }

    @Test
    void aReplayCountsOnceWithItsPipeline() {
        Claim pipeline = claim("reviews");
        Claim replay = claim("reviews");
        shares.hold(pipeline, 1);

        shares.hold(replay, 1);
        assertTotal(1);
        shares.end(replay);
        assertTotal(1);
    }

    @Test
    void pipelinesOfAProcessDivideTheAccountByWeight() {
        shares.declare(Map.of("reviews", 3));
        shares.hold(claim("reviews"), 0.5);
        assertTotal(0.5);

        shares.hold(claim("tickets"), 1);

        assertTotal((3 * 0.5 + 1) / 4);
    }

    @Test
    void aPipelineThatIsNamedCountsWhereverItRuns() {
        shares.declare(Map.of("reviews", 3, "tickets", 1));

        shares.hold(claim("tickets"), 1);

        assertTotal(0.25);
    }

    @Test
    void theShareOfAPipelineThatEndedIsNotGivenAway() {
        Claim tickets = claim("tickets");
        shares.hold(claim("reviews"), 1);
        shares.hold(tickets, 1);

        shares.end(tickets);

        assertTotal(0.5);
    }

    private static Claim claim(String pipeline) {
        return new Claim(pipeline, List.of());
    }

    private void assertTotal(double expected) {
        assertThat(shares.total()).isCloseTo(expected, within(1e-9));
    }
}
