package dev.thac.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the changes that {@code POST /control} brings. */
final class Control {

    private Control() {}

    /**
     * The settings after a change.
     *
     * @param change an object with any of: latency, errors, retryAfter, hangFor, requestsPerMinute,
     *     inputTokensPerMinute, outputTokensPerMinute, concurrency, key, spendCap, spendCapForm,
     *     onMiss; null takes key and spendCap away
     * @throws IllegalArgumentException naming what is wrong; nothing is changed then
     */
    static SimulatorSettings apply(SimulatorSettings settings, JsonNode change) {
        if (!change.isObject()) {
            throw new IllegalArgumentException("control takes a JSON object");
        }
        SimulatorSettings changed = settings;
        for (Map.Entry<String, JsonNode> entry : change.properties()) {
            changed = apply(changed, entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private static SimulatorSettings apply(
            SimulatorSettings settings, String name, JsonNode value) {
        RateLimits limits = settings.limits();
        return switch (name) {
            case "latency" -> settings.withLatency(Latency.parse(value.asText()));
            case "errors" -> settings.withErrors(ErrorMix.parse(value.asText()));
            case "retryAfter" -> settings.withRetryAfter(Latency.duration(value.asText()));
            case "hangFor" -> settings.withHangFor(Latency.duration(value.asText()));
            case "requestsPerMinute" ->
                    settings.withLimits(limits.withRequestsPerMinute(value.asLong()));
            case "inputTokensPerMinute" ->
                    settings.withLimits(limits.withInputTokensPerMinute(value.asLong()));
            case "outputTokensPerMinute" ->
                    settings.withLimits(limits.withOutputTokensPerMinute(value.asLong()));
            case "concurrency" -> settings.withLimits(limits.withConcurrency(value.asInt()));
            case "key" ->
                    settings.withKey(
                            value.isNull() ? Optional.empty() : Optional.of(value.asText()));
            case "spendCap" ->
                    settings.withSpendCap(
                            value.isNull()
                                    ? Optional.empty()
                                    : Optional.of(
                                            new SpendCap(
                                                    new BigDecimal(value.asText()),
                                                    form(settings))));
            case "spendCapForm" ->
                    settings.withSpendCap(
                            settings.spendCap()
                                    .map(cap -> new SpendCap(cap.usd(), form(value.asText()))));
            case "onMiss" ->
                    settings.withOnMiss(OnMiss.valueOf(value.asText().toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("nothing called " + name + " to control");
        };
    }

    private static SpendCap.Form form(SimulatorSettings settings) {
        return settings.spendCap().map(SpendCap::form).orElse(SpendCap.Form.RATE_LIMIT_ERROR);
    }

    private static SpendCap.Form form(String text) {
        return switch (text) {
            case "429" -> SpendCap.Form.RATE_LIMIT_ERROR;
            case "400" -> SpendCap.Form.INVALID_REQUEST;
            default ->
                    throw new IllegalArgumentException("spendCapForm is 429 or 400, not " + text);
        };
    }
}
