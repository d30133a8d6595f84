package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.testkit.broker.EmbeddedKafkaCluster;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What brokers and the way to them can do: rows 7, 10 to 13, 32 and 46 of the fault matrix. */
@Tag("faults")
class BrokerFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int END_TXN = 26;

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(Duration.ofMillis(500));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Test
    void row07TheReplyToACommitIsLostAndTheCommitIsAskedForAgain() {
        Site site = stage.site("reply-lost", 4, "");
        site.produce(0, 3_000);
        try (Follower outputs = site.follow();
                Program program = site.start("a")) {
            outputs.await(200, PATIENCE, program);
            stage.proxy().loseAnswersTo(END_TXN, 1);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> stage.proxy().answersToLose(END_TXN) == 0);
            outputs.await(3_000, PATIENCE, program);
            end(program);
        }
        Stage.verify("row 7, reply to EndTxn lost", site, site.paidOnce());
    }

    @Test
    void row10And11BrokersAreRestartedOneByOne() {
        try (EmbeddedKafkaCluster cluster = EmbeddedKafkaCluster.start()) {
            Site site =
                    new Site(
                            new Site.Ground(
                                    cluster.bootstrapServers(),
                                    cluster::createTopic,
                                    stage.simulator(),
                                    stage.paid(),
                                    Installation.trained()),
                            "rolling",
                            6,
                            "");
            site.produce(0, 2_000);
            int events = 2_000;
            try (Follower outputs = site.follow();
                    Program first = site.start("a");
                    Program second = site.start("b")) {
                outputs.await(200, PATIENCE, first, second);
                for (int broker = 0; broker < cluster.size(); broker++) {
                    site.produce(events, events + 2_000);
                    events += 2_000;
                    cluster.stop(broker);
                    site.produce(events, events + 1_000);
                    events += 1_000;
                    outputs.await(events - 500, PATIENCE, first, second);
                    cluster.start(broker);
                    cluster.awaitInSync(site.in());
                    cluster.awaitInSync("__consumer_offsets");
                    cluster.awaitInSync("__transaction_state");
                }
                outputs.await(events, PATIENCE, first, second);
                end(first);
                end(second);
            }
            Stage.verify("rows 10 and 11, rolling restart of 3 brokers", site, site.paidOnce());
        }
    }

    @Test
    void row12TheBrokerIsOutOfReachForAWhile() {
        Site site = stage.site("unreachable", 4, "");
        site.produce(0, 4_000);
        try (Follower outputs = site.follow();
                Program program = site.start("a")) {
            outputs.await(200, PATIENCE, program);
            stage.proxy().down();
            Instant down = Instant.now();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Duration.between(down, Instant.now()).toSeconds() >= 20);
            assertThat(program.alive()).as(program.output()).isTrue();
            stage.proxy().up();
            Instant up = Instant.now();
            outputs.await(4_000, PATIENCE, program);
            Figures.print(
                    "broker out of reach for 20 s: next output "
                            + Duration.between(up, outputs.firstAfter(up).orElseThrow())
                            + " after it was back");
            end(program);
        } finally {
            stage.proxy().up();
        }
        Stage.verify("row 12, broker out of reach", site, site.paidOnce());
    }

    @Test
    void row13MembersComeAndGoEveryTwoSeconds() {
        Site site = stage.site("storm", 12, "");
        Duration length = Duration.ofSeconds(Integer.getInteger("thac.faults.storm", 300));
        Instant end = Instant.now().plus(length);
        int events = 0;
        int changes = 0;
        List<Program> members = new ArrayList<>();
        try (Follower outputs = site.follow();
                Program stays = site.start("stays")) {
            while (Instant.now().isBefore(end)) {
                site.produce(events, events + 500);
                events += 500;
                if (members.size() < 3 && changes % 2 == 0) {
                    members.add(site.start("m" + changes));
                } else {
                    members.removeFirst().terminate();
                }
                changes++;
                Instant next = Instant.now().plusSeconds(2);
                Awaitility.await().until(() -> Instant.now().isAfter(next));
            }
            members.forEach(Program::terminate);
            outputs.await(events, PATIENCE, stays);
            Figures.print(
                    "storm: "
                            + changes
                            + " members came or went in "
                            + length
                            + ", last output "
                            + Duration.between(end, outputs.last())
                            + " behind its end");
            end(stays);
        } finally {
            members.forEach(Program::close);
        }
        Stage.verify("row 13, rebalance storm", site);
    }

    @Test
    void row46TheLaneBreaksAtEachPlaceAndIsStartedAgain() {
        for (String place :
                List.of(
                        "after-admit:100",
                        "in-flight:20",
                        "after-answer:100",
                        "after-stage:100",
                        "after-send:2",
                        "after-offsets:2",
                        "after-commit:2")) {
            Site site = stage.site("throws-" + place.substring(0, place.indexOf(':')), 4, "");
            site.produce(0, 1_500);
            try (Follower outputs = site.follow();
                    Program program = site.start("a", "-Dthac.failpoint=" + place + ":throw")) {
                outputs.await(1_500, PATIENCE, program);
                end(program);
                assertThat(program.output()).contains("failpoint");
            }
            Stage.verify("row 46, a throw " + place, site);
        }
    }

    @Test
    void row32TheDiskOfTheBrokerTakesNoMore(@TempDir Path directory) {
        Path data = directory.resolve("data");
        try (Program full = broker("0", data)) {
            String port = port(full);
            Site site = stage.site("disk-full", "127.0.0.1:" + port, 4);
            site.produce(0, 20_000);
            try (Follower outputs = site.follow();
                    Program program = site.start("a")) {
                outputs.await(500, PATIENCE, program);
                full.limitFiles(1 << 16);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> outputs.last().isBefore(Instant.now().minusSeconds(10)));
                int written = outputs.events();
                assertThat(written).isLessThan(20_000);
                assertThat(program.alive()).as(program.output()).isTrue();
                full.kill();
                try (Program again = broker(port, data)) {
                    outputs.await(20_000, PATIENCE, program, again);
                    end(program);
                    Figures.print("disk full after " + written + " outputs");
                    Stage.verify("row 32, disk full", site, site.paidOnce());
                }
            }
        }
    }

    private static Program broker(String port, Path data) {
        return stage.program("broker", "--port", port, "--data-dir", data.toString());
    }

    /** As it says when it is up. */
    private static String port(Program broker) {
        Pattern said = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> said.matcher(broker.output()).find() || !broker.alive());
        Matcher matcher = said.matcher(broker.output());
        assertThat(matcher.find()).as(broker.output()).isTrue();
        return matcher.group(1);
    }

    private static void end(Program program) {
        program.terminate();
        assertThat(program.awaitExit(Duration.ofSeconds(30)))
                .as(program.output())
                .isEqualTo(Program.TERMINATED);
    }
}
