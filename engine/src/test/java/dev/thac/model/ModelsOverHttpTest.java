package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.http.Golden;
import dev.thac.model.http.ScriptedServer;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Rate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The whole way from a name in the file to a socket, in real time. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated
class ModelsOverHttpTest {

    private final Meters meters = new Meters();

    @ParameterizedTest
    @EnumSource(Provider.class)
    void bothWireFormatsAreFoundAndAnswerWithoutAKeyOnThisMachine(Provider provider)
            throws Exception {
        try (ScriptedServer server = ScriptedServer.always(200, complete(provider))) {
            Model.Paid paid = ask(server, provider);

            assertThat(paid.reply().stop()).isEqualTo(ModelReply.Stop.COMPLETE);
            assertThat(paid.cost()).isPresent();
            assertThat(server.requests().getFirst().headers())
                    .doesNotContainKeys("x-api-key", "authorization");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate-limit",
        "529, overloaded",
        "500, overloaded",
        "401, authentication",
        "403, authentication"
    })
    void troubleThatEndsIsNeverSeen(int status, String file) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (number, exchange) -> {
                            if (number <= 2) {
                                exchange.reply(
                                        status, Golden.text("anthropic/error-" + file + ".json"));
                            } else {
                                exchange.reply(200, complete(Provider.ANTHROPIC));
                            }
                        })) {
            assertThat(ask(server, Provider.ANTHROPIC).reply().text()).contains("positive");
            assertThat(server.requests()).hasSize(3);
            assertThat(meters.total(Metric.PROVIDER_ERRORS)).isEqualTo(2);
        }
    }

    @Test
    void brokenConnectionsAndBodiesAreTriedAgain() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (number, exchange) -> {
                            switch (number) {
                                case 1 -> exchange.reset();
                                case 2 -> {
                                    exchange.start(200, 500);
                                    exchange.raw("{\"id\":".getBytes(UTF_8));
                                    exchange.reset();
                                }
                                case 3 -> exchange.reply(200, "{\"id\":\"cut");
                                default -> exchange.reply(200, complete(Provider.ANTHROPIC));
                            }
                        })) {
            assertThat(ask(server, Provider.ANTHROPIC).reply().text()).contains("positive");
            assertThat(meters.value(Metric.PROVIDER_ERRORS, "m", "network")).isEqualTo(2);
            assertThat(meters.value(Metric.PROVIDER_ERRORS, "m", "server")).isEqualTo(1);
        }
    }

    @Test
    void retryAfterInMillisecondsIsHonoured() throws Exception {
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        try (ScriptedServer server =
                ScriptedServer.start(
                        (number, exchange) -> {
                            times.add(System.nanoTime());
                            if (number == 1) {
                                exchange.reply(429, "{}", "retry-after-ms", "900");
                            } else {
                                exchange.reply(200, complete(Provider.OPENAI));
                            }
                        })) {
            assertThat(ask(server, Provider.OPENAI).reply().text()).isNotEmpty();

            List<Long> both = new ArrayList<>(times);
            assertThat(both.get(1) - both.get(0))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(900).toNanos());
        }
    }

    @Test
    void declaredRateHoldsInEverySecond() throws Exception {
        ModelLimitsSpec limits =
                new ModelLimitsSpec(
                        50,
                        Optional.of(new Rate(100, Duration.ofSeconds(1))),
                        Optional.empty(),
                        Optional.empty());
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        try (ScriptedServer server =
                        ScriptedServer.start(
                                (_, exchange) -> {
                                    times.add(System.nanoTime());
                                    exchange.reply(200, complete(Provider.ANTHROPIC));
                                });
                TaskScope scope = TaskScope.failFast("caller")) {
            Model model = models(server, Provider.ANTHROPIC, limits).get("m");
            for (int i = 0; i < 250; i++) {
                scope.fork(() -> model.ask(Requests.twoReviews()));
            }
            scope.joinOrThrow();
        }

        List<Long> sorted = times.stream().sorted().toList();
        assertThat(sorted).hasSize(250);
        for (int i = 0; i + 105 < sorted.size(); i++) {
            assertThat(sorted.get(i + 105) - sorted.get(i))
                    .as("time of 105 calls from the call %d on", i)
                    .isGreaterThan(Duration.ofMillis(950).toNanos());
        }
        assertThat(sorted.getLast() - sorted.getFirst())
                .as("the rate rises for three seconds")
                .isLessThan(Duration.ofMillis(4500).toNanos());
    }

    @Test
    void limitsInHeadersReachTheMetrics() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        200,
                        complete(Provider.OPENAI),
                        "x-ratelimit-limit-requests",
                        "500",
                        "x-ratelimit-remaining-requests",
                        "125",
                        "x-ratelimit-reset-requests",
                        "45s")) {
            assertThat(ask(server, Provider.OPENAI).reply().text()).isNotEmpty();

            assertThat(meters.scrape())
                    .contains("thac_provider_remaining_ratio{kind=\"requests\",model=\"m\"} 0.25");
        }
    }

    private static String complete(Provider provider) {
        return switch (provider) {
            case ANTHROPIC -> Golden.text("anthropic/complete.json");
            case OPENAI -> Golden.text("openai/complete.json");
        };
    }

    private Model.Paid ask(ScriptedServer server, Provider provider)
            throws ModelException, InterruptedException, IOException {
        return models(server, provider, Requests.limits(8)).get("m").ask(Requests.twoReviews());
    }

    private Models models(ScriptedServer server, Provider provider, ModelLimitsSpec limits) {
        String id = provider == Provider.OPENAI ? "gpt-6-luna" : "claude-haiku-5-5";
        return Models.of(
                Map.of("m", Requests.spec(provider, id, server.url().toString(), limits)),
                Map.of(),
                PriceBook.bundled(),
                meters,
                Ticker.system());
    }
}
