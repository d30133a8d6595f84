package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.meter.Metric;
import dev.thac.testkit.simulator.Call;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.RateLimits;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.testkit.simulator.SpendCap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A provider's trouble slows a pipeline down; it costs no event anything but time. */
class ProviderTroubleIT {

    private static final int EVENTS = 150;
    private static final int OPEN = 40;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static Scene scene;
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        scene.close();
    }

    @BeforeEach
    void behaveAgain() {
        simulator.unscript();
        simulator.update(_ -> SimulatorSettings.DEFAULT.withRetryAfter(RETRY_AFTER));
        simulator.resetStats();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "RATE_LIMITED_BARE",
                "OVERLOADED",
                "UNAVAILABLE",
                "SERVER_ERROR",
                "HANG",
                "RESET"
            })
    void anOutageIsWaitedOutWithIntakePaused(Fault fault) {
        simulator.script(_ -> Reply.fault(fault));
        try (Run run = scene.run(example(fault.name()), simulator)) {
            waitsWithIntakePaused(run);
            run.until("the trouble being met again", () -> simulator.stats().errors(fault) >= 5);
            simulator.unscript();

            allIsWell(run);
            assertThat(simulator.stats().errors(fault)).isLessThan(100);
        }
    }

    @Test
    void aRateLimitIsLeftAloneForAsLongAsItAsks() {
        simulator.next(Reply.fault(Fault.RATE_LIMITED));
        try (Run run = scene.run(example("asked"), simulator)) {
            waitsWithIntakePaused(run);

            allIsWell(run);
            Instant refused = refusals().getFirst().time();
            List<Call> meanwhile =
                    simulator.calls().stream()
                            .filter(call -> call.time().isAfter(refused.plusMillis(500)))
                            .filter(call -> call.time().isBefore(refused.plus(RETRY_AFTER)))
                            .toList();
            assertThat(meanwhile).isEmpty();
            assertThat(refusals()).hasSize(1);
        }
    }

    @Test
    void theProvidersOwnLimitOnRequestsOnlySlowsThingsDown() {
        slowedDown("rpm", RateLimits.NONE.withRequestsPerMinute(12));
    }

    @Test
    @Tag("faults")
    void theProvidersOwnLimitOnTokensOnlySlowsThingsDown() {
        slowedDown("tpm", RateLimits.NONE.withInputTokensPerMinute(10_000));
    }

    private static void slowedDown(String name, RateLimits limits) {
        simulator.update(settings -> settings.withLimits(limits));
        try (Run run = scene.run(example(name), simulator)) {
            run.write("reviews.raw", reviews(EVENTS));

            allIsWell(run);
            assertThat(refusals()).isNotEmpty().hasSizeLessThan(100);
        }
    }

    @Test
    void aProviderThatIsNotThereIsWaitedFor() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Example example =
                example("absent")
                        .with(
                                "provider: anthropic,",
                                "provider: anthropic, url: \"http://127.0.0.1:" + port + "\",");
        try (Run run = scene.run(example, simulator)) {
            waitsWithIntakePaused(run);
            run.until(
                    "refused connections", () -> run.meters().total(Metric.PROVIDER_ERRORS) >= 10);
            try (Simulator there = Simulator.start(SimulatorSettings.DEFAULT.withPort(port))) {
                allIsWell(run);
                assertThat(there.stats().items()).isGreaterThanOrEqualTo(EVENTS);
            }
        }
    }

    @Test
    void aRefusedKeyIsTriedAgainUntilItIsReplaced(@TempDir Path folder) throws IOException {
        simulator.update(settings -> settings.withKey(Optional.of("new")));
        Path key = Files.writeString(folder.resolve("key"), "old");
        Example example =
                example("key")
                        .with(
                                "provider: anthropic,",
                                "provider: anthropic, apiKey: \"${file:" + key + "}\",");
        try (Run run = scene.run(example, simulator)) {
            waitsWithIntakePaused(run);
            run.until("refusals", () -> refusals().size() >= 2);
            Files.writeString(key, "new");

            allIsWell(run);
        }
    }

    @Test
    void aSpendCapIsWaitedOutUntilItIsLifted() {
        try (Run run = scene.run(example("cap"), simulator)) {
            run.write("reviews.raw", reviews(20));
            run.awaitSettled(20);
            simulator.update(settings -> settings.withSpendCap(Optional.of(SpendCap.of("0.0001"))));

            waitsWithIntakePaused(run);
            run.until("refusals", () -> refusals().size() >= 2);
            assertThat(run.status().settled()).isEqualTo(20);
            simulator.update(settings -> settings.withSpendCap(Optional.empty()));

            run.awaitSettled(20 + EVENTS);
            settledOnce(run, 20 + EVENTS);
        }
    }

    /** Fills the pipeline to its cap and sees it wait there. */
    private static void waitsWithIntakePaused(Run run) {
        run.write("reviews.raw", reviews(EVENTS));
        run.until(
                "intake paused at the cap",
                () -> run.status().inFlight() == OPEN && run.status().paused() > 0);
        assertThat(run.status().deadLetters()).isEmpty();
    }

    private static void allIsWell(Run run) {
        run.awaitSettled(EVENTS);
        settledOnce(run, EVENTS);
    }

    private static void settledOnce(Run run, int events) {
        run.stop();
        assertThat(run.status().settled()).isEqualTo(events);
        run.verify(
                "reviews.raw",
                _ -> false,
                "reviews.dlq",
                List.of("reviews.analyzed", "reviews.urgent"));
        assertThat(run.written("reviews.analyzed")).hasSize(events);
        assertThat(run.written("reviews.dlq")).isEmpty();
        assertThat(run.written("reviews.analyzed"))
                .allSatisfy(output -> assertThat(output.number("thac.attempts")).isEqualTo(1));
    }

    private static List<Call> refusals() {
        return simulator.calls().stream().filter(call -> call.status() >= 400).toList();
    }

    /** A cap that fills quickly, and a deadline that a test can wait for. */
    private static Example example(String name) {
        return Example.of("reviews", name.toLowerCase(java.util.Locale.ROOT))
                .with("wait: 5s", "wait: 100ms")
                .with("maxOutputTokens: 4000 }", "maxOutputTokens: 4000, timeout: 2s }")
                .uncached()
                .and("limits: { openEvents: " + OPEN + " }");
    }

    private static List<String> reviews(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"r-" + i + "\",\"text\":\"Pin yếu, sạc chậm " + i + "\"}")
                .toList();
    }
}
