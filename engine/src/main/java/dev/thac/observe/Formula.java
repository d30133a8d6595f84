package dev.thac.observe;

import dev.thac.meter.Metric;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;

/**
 * What a signal is made of. One description has two readings: figures out of this process' own
 * {@link History}, and an expression for Prometheus, so that both say the same.
 */
sealed interface Formula {

    /**
     * The figures at the last reading.
     *
     * @param history what the series were
     * @param from which figures, of whose series
     * @param now the time of day
     * @return subject to figure
     */
    Map<String, Double> figures(History history, From from, Instant now);

    /**
     * The same for Prometheus.
     *
     * @param from which figures, of whose series
     * @return an expression whose operators bind more closely than a comparison
     */
    String expression(From from);

    /** The metrics it looks at. */
    List<Metric> metrics();

    /** Which figures: one for each subject of a scope, of the selected series. */
    record From(Scope scope, Selection selection) {

        private String by() {
            return "by (" + String.join(", ", scope.labels()) + ")";
        }

        private boolean includes(Map<String, String> series, Map<String, List<String>> where) {
            return selection.includes(series)
                    && where.entrySet().stream()
                            .allMatch(
                                    each ->
                                            each.getValue()
                                                    .contains(
                                                            series.getOrDefault(
                                                                    each.getKey(), "")));
        }

        private String selector(String series, Metric metric, Map<String, List<String>> where) {
            List<String> more =
                    new TreeMap<>(where)
                            .entrySet().stream()
                                    .map(each -> matcher(each.getKey(), each.getValue()))
                                    .toList();
            return series + selection.matchers(metric.labels(), more);
        }

        private static String matcher(String label, List<String> values) {
            return label + (values.size() == 1 ? "=\"" : "=~\"") + String.join("|", values) + "\"";
        }
    }

    /** How the series of one subject are put together. */
    enum Together {
        /** Their sum. */
        SUM,
        /** The greatest. */
        MAX;

        private double of(double one, double other) {
            return this == SUM ? one + other : Math.max(one, other);
        }

        private String word() {
            return this == SUM ? "sum" : "max";
        }
    }

    /** A gauge as it is now. */
    record Now(Metric metric, Together together) implements Formula {

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, Double> figures = new HashMap<>();
            history.series(metric.family())
                    .forEach(
                            series -> {
                                Map<String, String> labels = new HashMap<>(series.labels());
                                if (labels.containsKey("target")) {
                                    labels.put("model", series.labels().get("target"));
                                }
                                if (from.includes(labels, Map.of())) {
                                    figures.merge(
                                            from.scope().subject(labels),
                                            history.value(series),
                                            together::of);
                                }
                            });
            return figures;
        }

        @Override
        public String expression(From from) {
            String series = from.selector(metric.family(), metric, Map.of());
            if (metric.labels().contains("target")) {
                series =
                        "label_replace(%s, \"model\", \"$1\", \"target\", \"(.*)\")"
                                .formatted(series);
            }
            return together.word() + " " + from.by() + " (" + series + ")";
        }

        @Override
        public List<Metric> metrics() {
            return List.of(metric);
        }
    }

    /** Seconds since the moment a gauge holds. */
    record Since(Metric metric) implements Formula {

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, Double> figures = new HashMap<>();
            new Now(metric, Together.MAX)
                    .figures(history, from, now)
                    .forEach((subject, at) -> figures.put(subject, now.toEpochMilli() / 1e3 - at));
            return figures;
        }

        @Override
        public String expression(From from) {
            return "time() - " + new Now(metric, Together.MAX).expression(from);
        }

        @Override
        public List<Metric> metrics() {
            return List.of(metric);
        }
    }

    /**
     * By how much counters grew.
     *
     * @param metric a counter or distribution
     * @param suffix {@code _count} or {@code _sum} of a distribution; empty for a counter
     * @param where label to the values that count; empty: all
     * @param window in which time
     */
    record Grown(Metric metric, String suffix, Map<String, List<String>> where, Duration window)
            implements Formula {

        Grown(Metric metric, Duration window) {
            this(metric, "", Map.of(), window);
        }

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, Double> figures = new HashMap<>();
            history.series(metric.family() + suffix)
                    .filter(series -> from.includes(series.labels(), where))
                    .forEach(
                            series ->
                                    figures.merge(
                                            from.scope().subject(series.labels()),
                                            history.increase(series, window),
                                            Double::sum));
            return figures;
        }

        @Override
        public String expression(From from) {
            return "sum %s (increase(%s[%s]))"
                    .formatted(
                            from.by(),
                            from.selector(metric.family() + suffix, metric, where),
                            RuleText.duration(window));
        }

        @Override
        public List<Metric> metrics() {
            return List.of(metric);
        }
    }

    /** A quantile of a distribution, as Prometheus estimates it: straight lines inside buckets. */
    record Quantile(
            double quantile, Metric metric, Map<String, List<String>> where, Duration window)
            implements Formula {

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, TreeMap<Double, Double>> buckets = new HashMap<>();
            history.series(metric.family() + "_bucket")
                    .filter(series -> from.includes(series.labels(), where))
                    .forEach(
                            series ->
                                    buckets.computeIfAbsent(
                                                    from.scope().subject(series.labels()),
                                                    _ -> new TreeMap<>())
                                            .merge(
                                                    bound(series.labels().getOrDefault("le", "")),
                                                    history.increase(series, window),
                                                    Double::sum));
            Map<String, Double> figures = new HashMap<>();
            buckets.forEach((subject, each) -> figures.put(subject, of(each)));
            return figures;
        }

        private static double bound(String le) {
            return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
        }

        private double of(TreeMap<Double, Double> buckets) {
            double rank = quantile * buckets.lastEntry().getValue();
            double lower = 0;
            double below = 0;
            for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
                if (bucket.getValue() >= rank && bucket.getValue() > 0) {
                    return Double.isInfinite(bucket.getKey())
                            ? lower
                            : lower
                                    + (bucket.getKey() - lower)
                                            * (rank - below)
                                            / (bucket.getValue() - below);
                }
                lower = bucket.getKey();
                below = bucket.getValue();
            }
            return Double.NaN; // nothing was counted
        }

        @Override
        public String expression(From from) {
            return "histogram_quantile(%s, sum by (%s, le) (rate(%s[%s])))"
                    .formatted(
                            quantile,
                            String.join(", ", from.scope().labels()),
                            from.selector(metric.family() + "_bucket", metric, where),
                            RuleText.duration(window));
        }

        @Override
        public List<Metric> metrics() {
            return List.of(metric);
        }
    }

    /** Two figures of the same subject in one. */
    record Both(Formula one, Operation operation, Formula other) implements Formula {

        /** What is done with them. */
        enum Operation {
            /** Sum. */
            PLUS("+", Double::sum),
            /** Quotient. */
            PER("/", (one, other) -> one / other);

            private final String sign;

            @SuppressWarnings("ImmutableEnumChecker") // both hold nothing
            private final DoubleBinaryOperator operator;

            Operation(String sign, DoubleBinaryOperator operator) {
                this.sign = sign;
                this.operator = operator;
            }
        }

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, Double> others = other.figures(history, from, now);
            return one.figures(history, from, now).entrySet().stream()
                    .filter(each -> others.containsKey(each.getKey()))
                    .collect(
                            Collectors.toMap(
                                    Map.Entry::getKey,
                                    each ->
                                            operation.operator.applyAsDouble(
                                                    each.getValue(),
                                                    others.getOrDefault(
                                                            each.getKey(), Double.NaN))));
        }

        @Override
        public String expression(From from) {
            String right = other.expression(from);
            return one.expression(from)
                    + " "
                    + operation.sign
                    + " "
                    + (other instanceof Both ? "(" + right + ")" : right);
        }

        @Override
        public List<Metric> metrics() {
            return java.util.stream.Stream.concat(one.metrics().stream(), other.metrics().stream())
                    .toList();
        }
    }

    /** A figure a fixed number of times. */
    record Times(Formula one, double factor) implements Formula {

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, Double> figures = new HashMap<>();
            one.figures(history, from, now)
                    .forEach((subject, figure) -> figures.put(subject, figure * factor));
            return figures;
        }

        @Override
        public String expression(From from) {
            return one.expression(from) + " * " + RuleText.number(factor);
        }

        @Override
        public List<Metric> metrics() {
            return one.metrics();
        }
    }

    /** What the last hour's spending makes in a whole period. */
    record HourAsPeriod(Metric metric) implements Formula {

        private static final Duration WINDOW = Duration.ofHours(1);

        /** Hours of a period; a month of the year's average length. */
        private static final Map<String, Integer> HOURS =
                Map.of("hour", 1, "day", 24, "month", 730);

        @Override
        public Map<String, Double> figures(History history, From from, Instant now) {
            Map<String, Double> figures = new HashMap<>();
            history.series(metric.family())
                    .filter(series -> from.includes(series.labels(), Map.of()))
                    .forEach(
                            series ->
                                    figures.merge(
                                            from.scope().subject(series.labels()),
                                            history.increase(series, WINDOW)
                                                    * HOURS.getOrDefault(
                                                            series.labels()
                                                                    .getOrDefault("period", ""),
                                                            0),
                                            Math::max));
            return figures;
        }

        @Override
        public String expression(From from) {
            return new TreeMap<>(HOURS)
                    .entrySet().stream()
                            .map(
                                    each ->
                                            "increase(%s[1h]) * %d"
                                                    .formatted(
                                                            from.selector(
                                                                    metric.family(),
                                                                    metric,
                                                                    Map.of(
                                                                            "period",
                                                                            List.of(
                                                                                    each
                                                                                            .getKey()))),
                                                            each.getValue()))
                            .collect(Collectors.joining(" or ", "max " + from.by() + " (", ")"));
        }

        @Override
        public List<Metric> metrics() {
            return List.of(metric);
        }
    }
}
