package dev.thac.observe;

import static dev.thac.observe.AlertPhase.FIRING;
import static dev.thac.observe.AlertPhase.INACTIVE;
import static dev.thac.observe.AlertPhase.PENDING;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A scenario for each built-in alert: quiet, not long enough, firing, and quiet again. */
final class AlertScenarios {

    private static final Map<String, String> PIPELINE = Map.of("pipeline", "reviews");
    private static final Map<String, String> TOPIC =
            Map.of("pipeline", "reviews", "topic", "reviews.raw");
    private static final Map<String, String> SMALL = Map.of("model", "small");
    private static final Map<String, String> TIER =
            Map.of("pipeline", "reviews", "analysis", "review", "tier", "small");
    private static final Map<String, String> BUDGET = Map.of("budget", "reviews");
    private static final Map<String, String> DAY = Map.of("budget", "reviews", "period", "day");

    private AlertScenarios() {}

    static List<AlertScenario> all() {
        return List.of(
                lag(),
                lagRecords(),
                noProgress(),
                deadLetters(),
                modelSlow(),
                failedCalls(),
                breakerOpen(),
                spendCap(),
                unpriced(),
                confidenceLow(),
                budgetForecast(),
                budgetBurn(),
                budgetExhausted());
    }

    private static AlertScenario lag() {
        return new AlertScenario("lag")
                .is("thac_consumer_lag_seconds", PIPELINE, 5, 20, 3, 400, 5, 20, 12, 400, 10, 3)
                .expect(4, INACTIVE)
                .expect(6, PENDING)
                .expect(9, INACTIVE)
                .expect(14, PENDING)
                .expect(20, FIRING)
                .expect(28, INACTIVE);
    }

    /** Ten thousand records are nothing where they take seconds. */
    private static AlertScenario lagRecords() {
        return new AlertScenario("lag-records")
                .is("thac_consumer_lag_records", TOPIC, 5, 10, 25, 90_000, 10, 10)
                .is("thac_consumer_lag_seconds", PIPELINE, 15, 8, 15, 200, 10, 1)
                .expect(4, INACTIVE)
                .expect(14, INACTIVE)
                .expect(17, PENDING)
                .expect(22, FIRING)
                .expect(34, INACTIVE);
    }

    /** A record that comes after a long silence is no trouble: it is committed soon. */
    private static AlertScenario noProgress() {
        return new AlertScenario("no-progress")
                .is("thac_consumer_lag_records", TOPIC, 20, 0, 1, 5, 9, 0, 12, 5, 8, 0)
                .is(
                        "thac_last_progress_timestamp_seconds",
                        PIPELINE,
                        21,
                        0,
                        21,
                        21 * 60,
                        8,
                        42 * 60)
                .expect(10, INACTIVE)
                .expect(20, PENDING)
                .expect(22, INACTIVE)
                .expect(32, PENDING)
                .expect(37, FIRING)
                .expect(48, INACTIVE);
    }

    /** First one failed call of a batch of ten, then many, but few among all, then a real flood. */
    private static AlertScenario deadLetters() {
        return new AlertScenario("dead-letters")
                .grows(
                        "thac_events_settled_total",
                        outcome("dead-lettered"),
                        10,
                        0,
                        0.5,
                        10,
                        9.5,
                        0,
                        25,
                        5,
                        20,
                        0)
                .grows("thac_events_settled_total", outcome("routed"), 20, 100, 10, 5_000, 35, 100)
                .expect(9, INACTIVE)
                .expect(13, INACTIVE)
                .expect(29, INACTIVE)
                .expect(38, PENDING)
                .expect(44, FIRING)
                .expect(54, INACTIVE);
    }

    private static AlertScenario modelSlow() {
        return new AlertScenario("model-slow")
                .grows("thac_model_call_seconds_count", call("ok"), 20, 5, 20, 5, 20, 5)
                .grows("thac_model_call_seconds_bucket", bucket("30"), 20, 5, 20, 4, 20, 5)
                .grows("thac_model_call_seconds_bucket", bucket("60"), 20, 5, 20, 5, 20, 5)
                .grows("thac_model_call_seconds_bucket", bucket("+Inf"), 20, 5, 20, 5, 20, 5)
                .expect(18, INACTIVE)
                .expect(23, PENDING)
                .expect(30, FIRING)
                .expect(40, FIRING)
                .expect(50, INACTIVE);
    }

    private static AlertScenario failedCalls() {
        return new AlertScenario("failed-calls")
                .grows("thac_model_call_seconds_count", call("ok"), 20, 10, 20, 5, 20, 10)
                .grows("thac_model_call_seconds_count", call("server"), 20, 0, 20, 5, 20, 0)
                .grows("thac_provider_errors_total", error("server"), 20, 0, 20, 5, 20, 0)
                .grows("thac_provider_errors_total", error("timeout"), 60, 0)
                .expect(19, INACTIVE)
                .expect(24, PENDING)
                .expect(32, FIRING)
                .expect(52, INACTIVE);
    }

    private static AlertScenario breakerOpen() {
        return new AlertScenario("breaker-open")
                .is("thac_breaker_state", Map.of("target", "small"), 5, 0, 4, 2, 2, 1, 5, 0)
                .expect(4, INACTIVE)
                .expect(5, PENDING)
                .expect(7, FIRING)
                .expect(12, INACTIVE);
    }

    private static AlertScenario spendCap() {
        return new AlertScenario("spend-cap")
                .grows("thac_provider_errors_total", error("spend_cap"), 5, 0, 0.5, 1, 30, 0)
                .expect(5, INACTIVE)
                .expect(6, FIRING)
                .expect(13, FIRING)
                .expect(20, INACTIVE);
    }

    private static AlertScenario unpriced() {
        return new AlertScenario("unpriced")
                .grows("thac_cost_unpriced_calls_total", SMALL, 5, 0, 0.5, 1, 90, 0)
                .expect(5, INACTIVE)
                .expect(6, FIRING)
                .expect(60, FIRING)
                .expect(70, INACTIVE);
    }

    /** Unsure answers, first only a few of them. */
    private static AlertScenario confidenceLow() {
        return new AlertScenario("confidence-low")
                .grows("thac_confidence_sum", TIER, 20, 0.5, 40, 5, 40, 9)
                .grows("thac_confidence_count", TIER, 20, 1, 40, 10, 40, 10)
                .expect(19, INACTIVE)
                .expect(30, PENDING)
                .expect(45, FIRING)
                .expect(95, INACTIVE);
    }

    private static AlertScenario budgetForecast() {
        return new AlertScenario("budget-forecast")
                .is("thac_budget_limit_usd", DAY, 100, 20)
                .is("thac_budget_forecast_usd", DAY, 10, 15, 50, 25, 40, 15)
                .expect(9, INACTIVE)
                .expect(30, PENDING)
                .expect(45, FIRING)
                .expect(70, INACTIVE);
    }

    /** 20 USD a day is 0.83 an hour; 0.02 a half minute is 2.4. Midnight begins again at zero. */
    private static AlertScenario budgetBurn() {
        return new AlertScenario("budget-burn")
                .is("thac_budget_limit_usd", DAY, 300, 20)
                .grows("thac_budget_spent_usd", DAY, 60, 0.005, 90, 0.02, 1, -0.9, 139, 0.005)
                .expect(59, INACTIVE)
                .expect(105, PENDING)
                .expect(140, FIRING)
                .expect(280, INACTIVE);
    }

    private static AlertScenario budgetExhausted() {
        return new AlertScenario("budget-exhausted")
                .is("thac_budget_state", BUDGET, 5, 0, 5, 1, 10, 2, 5, 0)
                .expect(4, INACTIVE)
                .expect(9, INACTIVE)
                .expect(11, FIRING)
                .expect(23, INACTIVE);
    }

    private static Map<String, String> outcome(String outcome) {
        return Map.of("pipeline", "reviews", "outcome", outcome);
    }

    private static Map<String, String> call(String outcome) {
        return Map.of("model", "small", "outcome", outcome);
    }

    private static Map<String, String> bucket(String le) {
        Map<String, String> labels = new HashMap<>(call("ok"));
        labels.put("le", le);
        return labels;
    }

    private static Map<String, String> error(String kind) {
        return Map.of("model", "small", "kind", kind);
    }
}
