package dev.thac.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All metrics of one process. Thread-safe. Hot paths ask for a {@link Count} or {@link
 * Distribution} once and keep it.
 */
public final class Meters {

    private static final double[] SECONDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60
    };
    private static final double[] COUNTS = {
        1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 250, 500, 1000
    };
    private static final double[] RATIOS =
            IntStream.rangeClosed(1, 20).mapToDouble(step -> step / 20.0).toArray();

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<Series, Object> series = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Metric, Histogram> histograms = new ConcurrentHashMap<>();

    private record Series(Metric metric, List<String> labels) {}

    /** A counter's handle. */
    public interface Count {
        /**
         * Adds.
         *
         * @param amount not negative
         */
        void add(double amount);
    }

    /** A distribution's handle. */
    public interface Distribution {
        /**
         * Records one value in the metric's base unit.
         *
         * @param value seconds, a count or a share
         */
        void record(double value);
    }

    /**
     * The handle of one counter series.
     *
     * @param metric a counter
     * @param labels values of its labels, in order
     * @return the handle; the same for the same arguments
     */
    public Count count(Metric metric, String... labels) {
        return (Count)
                series.computeIfAbsent(
                        new Series(metric, List.of(labels)),
                        key -> {
                            Counter counter =
                                    Counter.builder(trimmed(metric))
                                            .description(metric.help())
                                            .tags(tags(metric, labels))
                                            .register(registry);
                            return (Count) counter::increment;
                        });
    }

    /**
     * The handle of one distribution series.
     *
     * @param metric a {@code SECONDS}, {@code HISTOGRAM} or {@code RATIO} metric
     * @param labels values of its labels, in order
     * @return the handle; the same for the same arguments
     */
    public Distribution distribution(Metric metric, String... labels) {
        return (Distribution)
                series.computeIfAbsent(
                        new Series(metric, List.of(labels)),
                        key -> {
                            DistributionDataPoint point =
                                    histograms
                                            .computeIfAbsent(metric, this::histogram)
                                            .labelValues(labels);
                            return (Distribution) point::observe;
                        });
    }

    /**
     * Reports a value that is read when scraped. A second registration of the same series replaces
     * nothing and is ignored.
     *
     * @param metric a gauge
     * @param value reads the value; must be quick and thread-safe
     * @param labels values of its labels, in order
     */
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        series.computeIfAbsent(
                new Series(metric, List.of(labels)),
                key ->
                        Gauge.builder(metric.family(), value::getAsDouble)
                                .description(metric.help())
                                .tags(tags(metric, labels))
                                .strongReference(true)
                                .register(registry));
    }

    /**
     * Adds to a counter, for paths that are not hot.
     *
     * @param metric a counter
     * @param amount not negative
     * @param labels values of its labels, in order
     */
    public void add(Metric metric, double amount, String... labels) {
        count(metric, labels).add(amount);
    }

    /**
     * Records a duration, for paths that are not hot.
     *
     * @param metric a {@code SECONDS} metric
     * @param duration how long it took
     * @param labels values of its labels, in order
     */
    public void time(Metric metric, Duration duration, String... labels) {
        distribution(metric, labels).record(duration.toNanos() / 1e9);
    }

    /**
     * The sum of a counter over all its series.
     *
     * @param metric a counter
     * @return the sum
     */
    public double total(Metric metric) {
        return registry.find(trimmed(metric)).counters().stream().mapToDouble(Counter::count).sum();
    }

    /**
     * One counter series.
     *
     * @param metric a counter
     * @param labels values of its labels, in order
     * @return its value; 0 when it was never counted
     */
    public double value(Metric metric, String... labels) {
        Counter counter = registry.find(trimmed(metric)).tags(tags(metric, labels)).counter();
        return counter == null ? 0 : counter.count();
    }

    /**
     * The series of one metric at this moment, named and labelled as they are scraped: those of a
     * distribution end in {@code _count}, {@code _sum} and {@code _bucket}.
     *
     * @param metric any metric
     * @return its samples; none where it was never counted or registered
     */
    public List<Sample> samples(Metric metric) {
        List<Sample> samples = new ArrayList<>();
        switch (metric.kind()) {
            case COUNTER ->
                    registry.find(trimmed(metric))
                            .counters()
                            .forEach(each -> samples.add(sample(metric, each, each.count())));
            case GAUGE ->
                    registry.find(metric.family())
                            .gauges()
                            .forEach(each -> samples.add(sample(metric, each, each.value())));
            case HISTOGRAM, SECONDS, RATIO ->
                    Optional.ofNullable(histograms.get(metric)).stream()
                            .flatMap(each -> each.collect().getDataPoints().stream())
                            .forEach(each -> addAll(samples, metric, each));
        }
        return samples;
    }

    private static void addAll(
            List<Sample> samples, Metric metric, HistogramDataPointSnapshot point) {
        Map<String, String> labels = new HashMap<>();
        point.getLabels().forEach(label -> labels.put(label.getName(), label.getValue()));
        long count = 0;
        for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
            count += bucket.getCount();
            double bound = bucket.getUpperBound();
            Map<String, String> within = new HashMap<>(labels);
            within.put("le", Double.isInfinite(bound) ? "+Inf" : Double.toString(bound));
            samples.add(new Sample(metric.family() + "_bucket", within, count));
        }
        samples.add(new Sample(metric.family() + "_count", labels, count));
        samples.add(new Sample(metric.family() + "_sum", labels, point.getSum()));
    }

    private static Sample sample(Metric metric, Meter meter, double value) {
        return new Sample(metric.family(), labels(meter), value);
    }

    private static Map<String, String> labels(Meter meter) {
        return meter.getId().getTags().stream()
                .collect(Collectors.toUnmodifiableMap(Tag::getKey, Tag::getValue));
    }

    /**
     * Everything in the Prometheus text format.
     *
     * @return the exposition
     */
    public String scrape() {
        return registry.scrape();
    }

    /** Not Micrometer's: those round every value up to a whole number before they pick a bucket. */
    private Histogram histogram(Metric metric) {
        return Histogram.builder()
                .name(metric.family())
                .help(metric.help())
                .labelNames(metric.labels().toArray(String[]::new))
                .classicOnly()
                .classicUpperBounds(buckets(metric.kind()))
                .withoutExemplars()
                .register(registry.getPrometheusRegistry());
    }

    private static String trimmed(Metric metric) {
        String family = metric.family();
        return family.endsWith("_total")
                ? family.substring(0, family.length() - "_total".length())
                : family;
    }

    private static double[] buckets(Metric.Kind kind) {
        return switch (kind) {
            case SECONDS -> SECONDS;
            case RATIO -> RATIOS;
            case HISTOGRAM -> COUNTS;
            case COUNTER, GAUGE -> throw new IllegalArgumentException("no distribution: " + kind);
        };
    }

    private static List<Tag> tags(Metric metric, String... values) {
        List<String> names = metric.labels();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(
                    metric.family() + " has the labels " + names + ", not " + values.length);
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(names.get(i), values[i]));
        }
        return tags;
    }
}
