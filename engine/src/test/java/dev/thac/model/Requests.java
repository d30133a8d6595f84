package dev.thac.model;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The request of the golden files, and specs to ask it with. */
public final class Requests {

    private Requests() {}

    /** Two reviews and the whole contract's schema. */
    public static ModelRequest twoReviews() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("i", Map.of("type", "integer"));
        fields.put("sentiment", Map.of("enum", List.of("positive", "negative", "neutral")));
        fields.put("score", Map.of("type", "integer", "minimum", 1, "maximum", 5));
        fields.put(
                "summary",
                Map.of(
                        "type",
                        "string",
                        "maxLength",
                        200,
                        "description",
                        "one sentence in Vietnamese"));
        fields.put("confidence", Map.of("type", "number", "minimum", 0, "maximum", 1));
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("type", "object");
        item.put("properties", fields);
        item.put("required", List.copyOf(fields.keySet()));
        item.put("additionalProperties", false);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", Map.of("items", Map.of("type", "array", "items", item)));
        schema.put("required", List.of("items"));
        schema.put("additionalProperties", false);
        return new ModelRequest(
                "You analyse product reviews. Answer every item.",
                "{\"items\":[{\"i\":1,\"input\":\"Hàng đẹp, giao nhanh\"},"
                        + "{\"i\":2,\"input\":\"He said \\\"no\\\"\"}]}",
                schema,
                2);
    }

    /** A spec with nothing but what is required, at a URL. */
    public static ModelSpec spec(Provider provider, String model, String url) {
        return spec(provider, model, url, limits(64));
    }

    public static ModelSpec spec(
            Provider provider, String model, String url, ModelLimitsSpec limits) {
        return new ModelSpec(
                provider,
                Optional.of(url),
                Optional.empty(),
                model,
                Optional.empty(),
                4000,
                Optional.empty(),
                Duration.ofSeconds(5),
                limits,
                Optional.empty(),
                Optional.empty());
    }

    public static ModelLimitsSpec limits(int concurrency) {
        return new ModelLimitsSpec(
                concurrency, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static ModelSpec withEffort(ModelSpec spec, Effort effort) {
        return new ModelSpec(
                spec.provider(),
                spec.url(),
                spec.apiKey(),
                spec.model(),
                Optional.of(effort),
                spec.maxOutputTokens(),
                spec.temperature(),
                spec.timeout(),
                spec.limits(),
                spec.price(),
                spec.fallback());
    }

    public static ModelSpec withTemperature(ModelSpec spec, double temperature) {
        return new ModelSpec(
                spec.provider(),
                spec.url(),
                spec.apiKey(),
                spec.model(),
                spec.effort(),
                spec.maxOutputTokens(),
                Optional.of(temperature),
                spec.timeout(),
                spec.limits(),
                spec.price(),
                spec.fallback());
    }

    public static ModelSpec withFallback(ModelSpec spec, String fallback) {
        return new ModelSpec(
                spec.provider(),
                spec.url(),
                spec.apiKey(),
                spec.model(),
                spec.effort(),
                spec.maxOutputTokens(),
                spec.temperature(),
                spec.timeout(),
                spec.limits(),
                spec.price(),
                Optional.of(fallback));
    }
}
