package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.simulator.Latency;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

/** Each place at which the program can die, once: the rows 1 to 6 and 48 of the fault matrix. */
class KillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 1_000;
    private static final Duration LATENCY = Duration.ofMillis(100);

    /** No more calls than the account allows at once, and what was answered but not committed. */
    private static final int REPEATED_CALLS = 128;

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(LATENCY);
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

    @Test
    void row48ToldTwiceWhileCallsDoNotReturnItEndsAtOnceAndNothingIsTwice() {
        Site site = stage.site("told-twice", 4, "");
        site.produce(0, EVENTS / 2);
        try (Follower outputs = site.follow()) {
            Duration exit;
            try (Program first = site.start("a")) {
                outputs.await(EVENTS / 2, PATIENCE, first);
                answersTake(Duration.ofMinutes(5));
                stage.simulator().resetStats();
                site.produce(EVENTS / 2, EVENTS);
                await().atMost(PATIENCE)
                        .until(() -> stage.simulator().stats().maxConcurrency() >= 20);
                first.terminate();
                await().atMost(PATIENCE).until(() -> first.output().contains("once more"));
                Instant told = Instant.now();
                first.terminate();
                assertThat(first.awaitExit(PATIENCE)).isEqualTo(Program.TERMINATED);
                exit = Duration.between(told, Instant.now());
            } finally {
                answersTake(LATENCY);
            }
            Figures.print("second SIGTERM with every call stuck: exit after " + exit);
            assertThat(exit).isLessThan(Duration.ofSeconds(2));
            finish(site, outputs);
        }
        Stage.verify("told twice", site);
    }

    private static void answersTake(Duration latency) {
        stage.simulator().update(now -> now.withLatency(new Latency.Fixed(latency)));
    }

    /** Another start does what is left. */
    private static void finish(Site site, Follower outputs) {
        try (Program next = site.start("a")) {
            outputs.await(EVENTS, PATIENCE, next);
            next.terminate();
            assertThat(next.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
        }
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
            finish(site, outputs);
        }
        Stage.verify(place, site, site.paidOnce().allowing(repeatedCalls));
    }
}
