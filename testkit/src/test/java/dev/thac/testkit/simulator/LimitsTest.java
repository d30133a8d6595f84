package dev.thac.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

class LimitsTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void requestsRefillContinuously() {
        RateLimiter limiter = new RateLimiter(new RateLimits(60, 0, 0, 0), 0);
        for (int i = 0; i < 60; i++) {
            assertThat(limiter.admit(10, 0)).isEmpty();
        }

        assertThat(limiter.admit(10, 0))
                .get()
                .extracting(RateLimiter.Wait::time)
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(limiter.admit(10, SECOND)).isEmpty();
        assertThat(limiter.admit(10, SECOND)).isPresent();
    }

    @Test
    void inputTokensAreTakenBeforeAndOutputTokensAfter() {
        RateLimiter limiter = new RateLimiter(new RateLimits(0, 600, 600, 0), 0);

        assertThat(limiter.admit(500, 0)).isEmpty();
        assertThat(limiter.admit(500, 0))
                .get()
                .extracting(RateLimiter.Wait::what)
                .isEqualTo("input tokens");
        limiter.produced(700, 0);
        assertThat(limiter.admit(50, 0))
                .get()
                .extracting(RateLimiter.Wait::what)
                .isEqualTo("output tokens");
        assertThat(limiter.levels(0).output())
                .get()
                .extracting(RateLimiter.Level::remaining)
                .isEqualTo(0L);
    }

    @Test
    void aCallTooManyGetsRetryAfterAndTheLimitHeaders() {
        SimulatorSettings settings =
                SimulatorSettings.DEFAULT.withLimits(new RateLimits(1, 100_000, 0, 0));
        try (Simulator simulator = Simulator.start(settings);
                Client client = new Client(simulator)) {
            Client.Answer first = client.anthropic("ok");
            Client.Answer second = client.anthropic("ok");

            assertThat(first.status()).isEqualTo(200);
            assertThat(header(first, "anthropic-ratelimit-requests-limit")).isEqualTo("1");
            assertThat(header(first, "anthropic-ratelimit-requests-remaining")).isEqualTo("0");
            assertThat(Instant.parse(header(first, "anthropic-ratelimit-requests-reset")))
                    .isAfter(Instant.now().minusSeconds(5));
            assertThat(header(first, "anthropic-ratelimit-input-tokens-limit")).isEqualTo("100000");
            assertThat(second.status()).isEqualTo(429);
            assertThat(Long.parseLong(header(second, "retry-after"))).isBetween(1L, 60L);
            Client.Answer openai = client.openai("ok");
            assertThat(openai.status()).isEqualTo(429);
            assertThat(header(openai, "x-ratelimit-remaining-requests")).isEqualTo("0");
            assertThat(header(openai, "x-ratelimit-reset-requests")).matches("\\d.*s");
            assertThat(simulator.stats().refused()).isEqualTo(2);
            assertThat(simulator.stats().errors()).containsEntry("rate-limit", 2L);
        }
    }

    @Test
    void callsBeyondTheConcurrencyAreRefusedAndCounted() throws Exception {
        SimulatorSettings settings =
                SimulatorSettings.DEFAULT.withLimits(RateLimits.NONE.withConcurrency(3));
        CountDownLatch refused = new CountDownLatch(5);
        try (Simulator simulator = Simulator.start(settings);
                Client client = new Client(simulator);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            simulator.script(_ -> heldUntil(refused));
            List<Future<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(
                        threads.submit(
                                () -> {
                                    int status = client.anthropic("ok").status();
                                    if (status == 429) {
                                        refused.countDown();
                                    }
                                    return status;
                                }));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> call : calls) {
                statuses.add(call.get());
            }

            assertThat(statuses).containsExactlyInAnyOrder(200, 200, 200, 429, 429, 429, 429, 429);
            assertThat(simulator.stats().maxConcurrency()).isEqualTo(3);
            assertThat(simulator.stats().errors()).containsEntry("concurrency", 5L);
            assertThat(simulator.stats().maxCallsPerSecond()).isBetween(1, 8);
        }
    }

    private static Reply heldUntil(CountDownLatch latch) {
        try {
            assertThat(latch.await(15, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Reply.normal();
    }

    @Test
    void aReachedSpendCapRefusesInBothProvidersForms() {
        BigDecimal hundredNanos = new BigDecimal("0.0000001");
        SpendCap cap = new SpendCap(hundredNanos, SpendCap.Form.RATE_LIMIT_ERROR);
        SimulatorSettings settings = SimulatorSettings.DEFAULT.withSpendCap(Optional.of(cap));
        try (Simulator simulator = Simulator.start(settings);
                Client client = new Client(simulator)) {
            assertThat(client.anthropic("ok").status()).isEqualTo(200);

            Client.Answer enforced = client.anthropic("ok");
            assertThat(enforced.status()).isEqualTo(429);
            assertThat(enforced.body().at("/error/details/error_code").asText())
                    .isEqualTo("enforced_spend_limit_reached");
            assertThat(header(enforced, "retry-after")).isEmpty();
            JsonNode quota = client.openai("ok").body().get("error");
            assertThat(quota.get("code").asText()).isEqualTo("insufficient_quota");

            client.post("/control", "{\"spendCapForm\":\"400\"}", _ -> {});
            Client.Answer workspace = client.anthropic("ok");
            assertThat(workspace.status()).isEqualTo(400);
            assertThat(workspace.errorType()).isEqualTo("invalid_request_error");

            client.post("/control", "{\"spendCap\":null}", _ -> {});
            assertThat(client.anthropic("ok").status()).isEqualTo(200);
        }
    }

    @Test
    void latenciesAreReadAndSampled() {
        assertThat(Latency.parse("42ms").sample(0.9, 0.1)).isEqualTo(Duration.ofMillis(42));
        assertThat(Latency.parse("uniform:10ms,30ms").sample(0.5, 0))
                .isEqualTo(Duration.ofMillis(20));
        Latency lognormal = Latency.parse("lognormal:3s,0.6");
        assertThat(lognormal.sample(0.5, 0.25))
                .isCloseTo(Duration.ofSeconds(3), Duration.ofMillis(1));
        assertThat(lognormal.sample(0.9, 0)).isGreaterThan(Duration.ofSeconds(8));
        for (String wrong : List.of("42", "soon", "lognormal:3s", "normal:1s,2", "-1s")) {
            assertThatThrownBy(() -> Latency.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void errorMixesAreReadAndChecked() {
        assertThat(ErrorMix.parse("429:0.01, hang:0.5").shares())
                .containsEntry(Fault.RATE_LIMITED, 0.01)
                .containsEntry(Fault.HANG, 0.5);
        assertThat(ErrorMix.parse("none")).isEqualTo(ErrorMix.NONE);
        assertThatThrownBy(() -> ErrorMix.parse("430:0.1")).hasMessageContaining("429-bare");
        assertThatThrownBy(() -> ErrorMix.parse("429")).hasMessageContaining("429:0.01");
        assertThatThrownBy(() -> ErrorMix.parse("429:x")).hasMessageContaining("no number");
        assertThatThrownBy(() -> ErrorMix.parse("429:2")).hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> ErrorMix.parse("429:0.6,529:0.6")).hasMessageContaining("> 1");
    }

    private static String header(Client.Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }
}
