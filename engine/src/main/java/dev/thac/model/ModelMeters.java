package dev.thac.model;

import dev.thac.event.Money;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import java.util.Locale;
import java.util.Optional;

/** The series of one model, looked up once. Labelled with its name in the file. Thread-safe. */
final class ModelMeters {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Meters meters;
    private final String model;
    private final Meters.Distribution answered;
    private final Meters.Distribution waited;

    ModelMeters(Meters meters, String model) {
        this.meters = meters;
        this.model = model;
        this.answered = meters.distribution(Metric.MODEL_CALL_SECONDS, model, "ok");
        this.waited = meters.distribution(Metric.LIMITER_WAIT, model);
        // a series that begins at 1 has no increase to see
        Meters.Count _ = meters.count(Metric.UNPRICED_CALLS, model);
        for (ModelException.Kind kind : ModelException.Kind.values()) {
            Meters.Count _ = meters.count(Metric.PROVIDER_ERRORS, model, label(kind));
        }
    }

    void waited(long nanos) {
        waited.record(nanos / NANOS_PER_SECOND);
    }

    /** Tokens and money are counted by whoever pays: the price is only looked at here. */
    void answered(long nanos, Optional<Money> price) {
        answered.record(nanos / NANOS_PER_SECOND);
        if (price.isEmpty()) {
            meters.add(Metric.UNPRICED_CALLS, 1, model);
        }
    }

    void failed(long nanos, ModelException.Kind kind) {
        String label = label(kind);
        meters.distribution(Metric.MODEL_CALL_SECONDS, model, label)
                .record(nanos / NANOS_PER_SECOND);
        meters.add(Metric.PROVIDER_ERRORS, 1, model, label);
    }

    void retried(ModelException.Kind kind) {
        meters.add(Metric.RETRIES, 1, model, label(kind));
    }

    private static String label(ModelException.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
