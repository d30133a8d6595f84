package dev.thac.model;

import dev.thac.cost.TokenKind;
import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The series of one model, looked up once. Labelled with its name in the file. Thread-safe. */
final class ModelMeters {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_USD = 1e9;

    private final Meters meters;
    private final String model;
    private final Meters.Distribution answered;
    private final Meters.Distribution waited;
    private final Meters.Count cost;
    private final Map<TokenKind, Meters.Count> tokens = new EnumMap<>(TokenKind.class);

    ModelMeters(Meters meters, String model) {
        this.meters = meters;
        this.model = model;
        this.answered = meters.distribution(Metric.MODEL_CALL_SECONDS, model, "ok");
        this.waited = meters.distribution(Metric.LIMITER_WAIT, model);
        this.cost = meters.count(Metric.COST, model);
        for (TokenKind kind : TokenKind.values()) {
            tokens.put(kind, meters.count(Metric.TOKENS, model, kind.label()));
        }
    }

    void waited(long nanos) {
        waited.record(nanos / NANOS_PER_SECOND);
    }

    void answered(long nanos, TokenUsage usage, Optional<Money> price) {
        answered.record(nanos / NANOS_PER_SECOND);
        tokens.forEach(
                (kind, count) -> {
                    double used = (double) kind.of(usage);
                    if (used > 0) {
                        count.add(used);
                    }
                });
        if (price.isPresent()) {
            cost.add(price.get().nanos() / NANOS_PER_USD);
        } else {
            meters.add(Metric.UNPRICED_CALLS, 1, model);
        }
    }

    void failed(long nanos, ModelException.Kind kind) {
        String label = kind.name().toLowerCase(Locale.ROOT);
        meters.distribution(Metric.MODEL_CALL_SECONDS, model, label)
                .record(nanos / NANOS_PER_SECOND);
        meters.add(Metric.PROVIDER_ERRORS, 1, model, label);
    }

    void retried(ModelException.Kind kind) {
        meters.add(Metric.RETRIES, 1, model, kind.name().toLowerCase(Locale.ROOT));
    }
}
