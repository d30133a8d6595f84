package dev.thac.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class AlertEvaluatorTest {

    private static final AlertSpec EMPTY =
            new AlertSpec(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private final ManualTicker ticker = new ManualTicker();
    private final Meters meters = new Meters();
    private final List<AlertMessage> messages = new ArrayList<>();
    private double lag;

    @Test
    void aConditionThatComesAndGoesIsSaidOnce() {
        AlertEvaluator evaluator = evaluator(Map.of("lag", EMPTY));

        for (int minute = 0; minute < 60; minute++) {
            lag = minute % 2 == 0 || minute < 10 ? 400 : 10; // from then on it flaps
            look(evaluator);
        }
        assertThat(messages.stream().map(AlertMessage::firing)).containsExactly(true);
        lag = 10;
        look(evaluator);
        look(evaluator);
        look(evaluator);

        assertThat(messages.stream().map(AlertMessage::firing)).containsExactly(true, false);
        assertThat(messages.getFirst().id()).startsWith("reviews|lag||one|2026-11-01T00:05");
        assertThat(messages.getLast().since()).isEqualTo(messages.getFirst().since());
    }

    @Test
    void anAlertThatGoesOnIsSaidAgainAfterItsRepeatTime() {
        AlertEvaluator evaluator = evaluator(Map.of("lag", EMPTY));
        lag = 400;

        for (int minute = 0; minute < 9 * 60; minute++) {
            look(evaluator);
        }

        assertThat(messages.stream().map(AlertMessage::times)).containsExactly(1, 2, 3);
        assertThat(messages.stream().map(AlertMessage::id)).doesNotHaveDuplicates();
    }

    @Test
    void eachModelHasAnAlertOfItsOwnAndForeignModelsHaveNone() {
        AlertEvaluator evaluator =
                evaluator(
                        Map.of(
                                "mine",
                                when("breaker == open and lag > 60s", Duration.ofMinutes(1))));
        List.of("small", "strong", "foreign")
                .forEach(model -> meters.gauge(Metric.BREAKER_STATE, () -> 2, model));

        look(evaluator);
        assertThat(evaluator.statuses())
                .extracting(AlertStatus::phase)
                .containsOnly(AlertPhase.INACTIVE);
        lag = 90;
        look(evaluator);
        assertThat(evaluator.statuses())
                .extracting(AlertStatus::phase)
                .containsOnly(AlertPhase.PENDING);
        look(evaluator);

        assertThat(evaluator.statuses())
                .extracting(AlertStatus::subject, AlertStatus::phase)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("small", AlertPhase.FIRING),
                        org.assertj.core.groups.Tuple.tuple("strong", AlertPhase.FIRING));
        assertThat(messages.getFirst().figures())
                .isEqualTo("breaker is open (== open), lag is 90 s (> 60s)");
        assertThat(messages.getFirst().key()).isEqualTo("reviews|mine");
    }

    @Test
    void defaultsTurnsEveryAlertOnThatFitsAndSaysWhereTheyGo() {
        AlertSpec defaults =
                new AlertSpec(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ofHours(1)),
                        Optional.empty(),
                        Optional.of("ops.alerts"),
                        Optional.empty());

        List<AlertRule> rules =
                AlertRules.of(
                        Map.of("defaults", defaults, "lag", when("lag > 9s", Duration.ZERO)),
                        new AlertRules.Parts(true, false));

        assertThat(rules)
                .extracting(AlertRule::name)
                .contains("lag", "model-slow", "confidence-low")
                .doesNotContain("defaults", "budget-burn")
                .doesNotHaveDuplicates();
        assertThat(rules)
                .allSatisfy(
                        rule -> {
                            assertThat(rule.topic()).contains("ops.alerts");
                            assertThat(rule.timing().repeat()).isEqualTo(Duration.ofHours(1));
                        });
    }

    private static AlertSpec when(String condition, Duration hold) {
        return new AlertSpec(
                Optional.of(condition),
                Optional.of(hold),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private AlertEvaluator evaluator(Map<String, AlertSpec> alerts) {
        meters.gauge(Metric.CONSUMER_LAG_SECONDS, () -> lag, "reviews");
        meters.gauge(Metric.CONSUMER_LAG_SECONDS, () -> 1e6, "another");
        return new AlertEvaluator(
                new AlertEvaluator.Site("reviews", "one", Set.of("small", "strong")),
                AlertRules.of(alerts, AlertRules.Parts.ALL),
                meters::samples,
                ticker,
                messages::add);
    }

    private void look(AlertEvaluator evaluator) {
        evaluator.look();
        ticker.advance(Duration.ofMinutes(1));
    }
}
