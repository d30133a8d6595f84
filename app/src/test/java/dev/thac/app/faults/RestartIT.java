package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.simulator.Latency;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How soon work goes on after kill -9, SIGTERM and SIGSTOP; answers take half a second. */
@Tag("faults")
class RestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration BACK = Duration.ofSeconds(3);
    private static final int PORTION = 1_500;
    private static final Duration LATENCY = Duration.ofMillis(500);

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
    void aKilledInstanceWritesAgainWithinThreeSecondsOfItsStart() {
        Site site = stage.site("restart", 8, "");
        List<Duration> back = new ArrayList<>();
        int events = 0;
        try (Follower outputs = site.follow()) {
            for (int i = 0; i < 6; i++) {
                site.produce(events, events + PORTION);
                events += PORTION;
                try (Program program = site.start("a")) {
                    int before = events - PORTION + 300;
                    outputs.await(before, PATIENCE, program);
                    Instant first =
                            outputs.firstAfter(program.started().plusMillis(100)).orElseThrow();
                    back.add(Duration.between(program.started(), first));
                    program.kill();
                }
            }
            try (Program last = site.start("a")) {
                outputs.await(events, PATIENCE, last);
                last.terminate();
                last.awaitExit(Duration.ofSeconds(30));
            }
        }
        List<Duration> again = back.subList(1, back.size());
        Figures.print(
                "restart after kill -9, same instance name: first start wrote after %s; restarts wrote after %s"
                        .formatted(back.getFirst(), again));
        Stage.verify("restart after kill -9, 6 times", site);
        assertThat(Collections.max(again)).isLessThan(BACK);
    }

    @Test
    void anotherInstanceTakesOverWhenTheBrokersGiveTheDeadOneUp() {
        Site site = stage.site("takeover", 8, "");
        site.produce(0, PORTION);
        try (Follower outputs = site.follow()) {
            try (Program dead = site.start("a")) {
                outputs.await(300, PATIENCE, dead);
                dead.kill();
            }
            Instant killed = Instant.now();
            try (Program heir = site.start("b")) {
                outputs.await(PORTION, PATIENCE, heir);
                Figures.print(
                        "take-over by a new instance after kill -9: "
                                + Duration.between(
                                        killed,
                                        outputs.firstAfter(killed.plusMillis(600)).orElseThrow()));
                heir.terminate();
                heir.awaitExit(Duration.ofSeconds(30));
            }
        }
        Stage.verify("take-over", site);
    }

    @Test
    void row48ToldToEndAtAnyMomentItExitsInTimeAndNothingIsTwice() {
        Site site = stage.site("sigterm", 8, "");
        List<Duration> exits = new ArrayList<>();
        int events = 0;
        try (Follower outputs = site.follow()) {
            for (int i = 0; i < 10; i++) {
                site.produce(events, events + 500);
                events += 500;
                try (Program program = site.start("a")) {
                    int wanted = i == 0 ? 0 : events - 500 + 40 * i;
                    outputs.await(wanted, PATIENCE, program);
                    Instant told = Instant.now();
                    program.terminate();
                    assertThat(program.awaitExit(Duration.ofSeconds(30)))
                            .isEqualTo(Program.TERMINATED);
                    exits.add(Duration.between(told, Instant.now()));
                }
            }
            try (Program last = site.start("a")) {
                outputs.await(events, PATIENCE, last);
                last.terminate();
                last.awaitExit(Duration.ofSeconds(30));
            }
        }
        Figures.print("SIGTERM: exits after " + exits);
        Stage.verify("SIGTERM, 10 times", site, site.paidOnce());
    }

    @Test
    void row48ToldToEndWhileCallsDoNotReturnItExitsInTimeAndNothingIsTwice() {
        Site site = stage.site("stuck", 8, "");
        site.produce(0, 400);
        stage.simulator().resetStats();
        Duration exit;
        stage.simulator().update(now -> now.withLatency(new Latency.Fixed(Duration.ofMinutes(5))));
        try (Program program = site.start("a")) {
            await().atMost(PATIENCE).until(() -> stage.simulator().stats().maxConcurrency() >= 40);
            Instant told = Instant.now();
            program.terminate();
            assertThat(program.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
            exit = Duration.between(told, Instant.now());
        } finally {
            stage.simulator().update(now -> now.withLatency(new Latency.Fixed(LATENCY)));
        }
        try (Follower outputs = site.follow();
                Program last = site.start("a")) {
            outputs.await(400, PATIENCE, last);
            last.terminate();
            last.awaitExit(Duration.ofSeconds(30));
        }
        Figures.print("SIGTERM with every call stuck: exit after " + exit);
        Stage.verify("SIGTERM with every call stuck", site);
    }

    @Test
    void row17FrozenForAMinuteItCommitsNothingThatOthersTookOver() {
        Site site = stage.site("frozen", 8, "");
        site.produce(0, 6_000);
        try (Follower outputs = site.follow();
                Program frozen = site.start("a");
                Program other = site.start("b")) {
            outputs.await(1_000, PATIENCE, frozen, other);
            frozen.freeze();
            outputs.await(6_000, PATIENCE, other);
            Instant done = Instant.now();
            await().atMost(PATIENCE)
                    .until(() -> Duration.between(done, Instant.now()).toSeconds() >= 10);
            site.produce(6_000, 7_000);
            frozen.proceed();
            outputs.await(7_000, PATIENCE, frozen, other);
            frozen.terminate();
            other.terminate();
            assertThat(frozen.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
            assertThat(other.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
            Figures.print("frozen for " + Duration.between(other.started(), done) + " and more");
        }
        Stage.verify("SIGSTOP", site);
    }
}
