package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Each place at which the program can die, once: the rows 1 to 6 and 48 of the fault matrix. */
class KillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 1_000;

    /** No more calls than the account allows at once, and what was answered but not committed. */
    private static final int REPEATED_CALLS = 128;

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(Duration.ofMillis(100));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Test
    void row01KilledBeforeAnyCallItBeginsAgainAtNoCost() {
        killed("after-admit", 1, 0);
    }

    @Test
    void row02KilledWithCallsInFlightItAsksThoseAgain() {
        killed("in-flight", 30, REPEATED_CALLS);
    }

    @Test
    void row02KilledWithAnAnswerTheLaneDoesNotKnowItAsksAgain() {
        killed("after-answer", 200, REPEATED_CALLS);
    }

    @Test
    void row03KilledBeforeTheTransactionItAsksAgain() {
        killed("after-stage", 200, REPEATED_CALLS);
    }

    @Test
    void row04KilledBetweenOutputsAndOffsetsItWritesNothingTwice() {
        killed("after-send", 2, REPEATED_CALLS);
    }

    @Test
    void row05KilledBetweenOffsetsAndCommitItWritesNothingTwice() {
        killed("after-offsets", 2, REPEATED_CALLS);
    }

    @Test
    void row06KilledBehindTheCommitItRepeatsNothing() {
        killed("after-commit", 2, REPEATED_CALLS);
    }

    private static void killed(String place, int hit, int repeatedCalls) {
        Site site = stage.site("kill-" + place, 4, "");
        site.produce(0, EVENTS);
        try (Follower outputs = site.follow()) {
            try (Program first = site.start("a", "-Dthac.failpoint=" + place + ":" + hit)) {
                assertThat(first.awaitExit(PATIENCE))
                        .as("exit code at %s:\n%s", place, first.output())
                        .isEqualTo(Program.KILLED);
            }
            try (Program second = site.start("a")) {
                outputs.await(EVENTS, PATIENCE, second);
                second.terminate();
                assertThat(second.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
            }
        }
        Stage.verify(place, site, site.paidOnce().allowing(repeatedCalls));
    }
}
