package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.testkit.guarantee.PaidOnce;
import dev.thac.testkit.guarantee.Report;
import dev.thac.testkit.simulator.PaidCall;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Each place at which the program can die, ten times: two instances, 8 partitions, 20,000 events,
 * answers after half a second, ten events in a call, 128 calls in flight. One instance dies and is
 * started again under its name while the other works on.
 */
@Tag("faults")
class KillMatrixIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int KILLS = Integer.getInteger("thac.faults.kills", 10);
    private static final int PORTION = 2_000;
    private static final Duration COMMIT = Duration.ofMillis(500);
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
    void row01KilledBeforeAnyCall() {
        killed("after-admit", 150);
    }

    @Test
    void row02KilledWithCallsInFlight() {
        killed("in-flight", 30);
    }

    @Test
    void row02KilledWithAnAnswerTheLaneDoesNotKnow() {
        killed("after-answer", 300);
    }

    @Test
    void row03KilledBeforeTheTransaction() {
        killed("after-stage", 300);
    }

    @Test
    void row04KilledBetweenOutputsAndOffsets() {
        killed("after-send", 3);
    }

    @Test
    void row05KilledBetweenOffsetsAndCommit() {
        killed("after-offsets", 3);
    }

    @Test
    void row06KilledBehindTheCommit() {
        killed("after-commit", 3);
    }

    private static void killed(String place, int hit) {
        Site site = stage.site("matrix-" + place, 8, "");
        int events = 0;
        int atRisk = 0;
        List<Long> backMillis = new ArrayList<>();
        try (Follower outputs = site.follow();
                Program other = site.start("b")) {
            for (int i = 0; i < KILLS; i++) {
                try (Program dying =
                        site.start("a", "-Dthac.failpoint=" + place + ":" + (hit + i))) {
                    site.awaitMembers(2, dying);
                    site.produce(events, events + PORTION);
                    events += PORTION;
                    assertThat(dying.awaitExit(PATIENCE))
                            .as("exit code at %s:\n%s", place, dying.output())
                            .isEqualTo(Program.KILLED);
                    atRisk += atRisk(site, Instant.now());
                    if (i > 0) {
                        outputs.firstAfter(dying.started())
                                .map(at -> Duration.between(dying.started(), at).toMillis())
                                .ifPresent(backMillis::add);
                    }
                }
            }
            try (Program last = site.start("a")) {
                outputs.await(events, PATIENCE, last, other);
                last.terminate();
                other.terminate();
                assertThat(last.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
                assertThat(other.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
            }
        }
        PaidOnce paidOnce = site.paidOnce().allowing(atRisk);
        Report report = Stage.verify(place + ", " + KILLS + " kills", site, paidOnce);
        Map<PaidCall, List<String>> repeats = paidOnce.repeats(report.evidence());
        Figures.print(
                "%s: %d kills, %d events in %d calls paid again; at most %d calls in flight or uncommitted at the kills"
                        .formatted(
                                place,
                                KILLS,
                                repeats.values().stream().mapToInt(List::size).sum(),
                                repeats.size(),
                                atRisk));
    }

    /**
     * Calls of both instances that were in flight at a kill, or answered so shortly before that
     * their outputs need not be committed.
     */
    private static int atRisk(Site site, Instant killed) {
        org.awaitility.Awaitility.await()
                .pollDelay(LATENCY)
                .until(() -> Instant.now().isAfter(killed.plus(LATENCY)));
        return (int)
                site.calls().stream()
                        .filter(call -> call.asked().isBefore(killed))
                        .filter(call -> call.answered().isAfter(killed.minus(COMMIT)))
                        .count();
    }
}
