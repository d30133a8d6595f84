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
    private static final int PORTIONS = 10;
    private static final int EVENTS = 2_000 * KILLS;
    private static final Duration READ = Duration.ofSeconds(4);

    /** Calls one instance may have in flight, or answered and not committed yet, when it dies. */
    private static final int IN_FLIGHT = 128;

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

    @Test
    void row03WithAJournalNoAnswerInItIsBoughtAgain() {
        for (String place : List.of("in-flight", "after-stage", "after-send")) {
            Site site = stage.site("journal-" + place, 8, "journal: { enabled: true }\n");
            site.journal();

            killed(site, place, place.equals("after-send") ? 3 : 60);

            Map<String, Integer> answers = site.journalled();
            long again = answers.values().stream().filter(times -> times > 1).count();
            Figures.print(
                    "%s, with a journal: %d answers in it, %d of them bought again"
                            .formatted(place, answers.size(), again));
            assertThat(again).as("answers bought again at %s", place).isZero();
        }
    }

    private static void killed(String place, int hit) {
        killed(stage.site("matrix-" + place, 8, ""), place, hit);
    }

    private static void killed(Site site, String place, int hit) {
        int events = 0;
        try (Follower outputs = site.follow();
                Program other = site.start("b")) {
            for (int i = 0; i < KILLS; i++) {
                try (Program dying =
                        site.start("a", "-Dthac.failpoint=" + place + ":" + (hit + i))) {
                    site.awaitMembers(2, dying);
                    // the other one may take what comes while the partitions move
                    for (int j = 0; j < PORTIONS && dying.exit(READ).isEmpty(); j++) {
                        site.produce(events, events + PORTION);
                        events += PORTION;
                    }
                    assertThat(dying.awaitExit(PATIENCE))
                            .as("exit code at %s:\n%s", place, dying.output())
                            .isEqualTo(Program.KILLED);
                }
            }
            if (events < EVENTS) { // where it dies at its first steps
                site.produce(events, EVENTS);
                events = EVENTS;
            }
            try (Program last = site.start("a")) {
                outputs.await(events, PATIENCE, last, other);
                last.terminate();
                other.terminate();
                assertThat(last.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
                assertThat(other.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
            }
        }
        PaidOnce paidOnce = site.paidOnce().allowing(KILLS * IN_FLIGHT);
        Report report = Stage.verify(place + ", " + KILLS + " kills", site, paidOnce);
        Map<PaidCall, List<String>> repeats = paidOnce.repeats(report.evidence());
        Figures.print(
                "%s: %d kills, %d events in %d calls paid again; %d calls at most may be open at the kills"
                        .formatted(
                                place,
                                KILLS,
                                repeats.values().stream().mapToInt(List::size).sum(),
                                repeats.size(),
                                KILLS * IN_FLIGHT));
    }
}
