package dev.thac.observe;

import dev.thac.meter.Sample;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Series over time and what one alert must make of them. One description is played to the evaluator
 * of a process and written as a unit test for promtool.
 */
final class AlertScenario {

    /** One sample every half minute, in both. */
    static final Duration STEP = Duration.ofSeconds(30);

    /** Prometheus' tests begin at 1970; so does the clock of this one. */
    static final Instant START = Instant.EPOCH;

    final String alert;
    private final Map<String, List<Double>> series = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> labels = new LinkedHashMap<>();
    final Map<Integer, AlertPhase> expected = new TreeMap<>();

    AlertScenario(String alert) {
        this.alert = alert;
    }

    /** Values of one series: pairs of minutes and the change in each step during them. */
    AlertScenario grows(String name, Map<String, String> labels, double... minutesAndSteps) {
        List<Double> values = start(name, labels);
        double value = 0;
        values.add(value);
        for (int i = 0; i < minutesAndSteps.length; i += 2) {
            for (int step = 0; step < minutesAndSteps[i] * 2; step++) {
                value += minutesAndSteps[i + 1];
                values.add(value);
            }
        }
        return this;
    }

    /** Values of one series: pairs of minutes and what it is during them. */
    AlertScenario is(String name, Map<String, String> labels, double... minutesAndValues) {
        List<Double> values = start(name, labels);
        for (int i = 0; i < minutesAndValues.length; i += 2) {
            for (int step = 0; step < minutesAndValues[i] * 2; step++) {
                values.add(minutesAndValues[i + 1]);
            }
        }
        return this;
    }

    /** What the alert must be at a minute. */
    AlertScenario expect(int minute, AlertPhase phase) {
        expected.put(minute, phase);
        return this;
    }

    private List<Double> start(String name, Map<String, String> of) {
        String written =
                new TreeMap<>(of)
                        .entrySet().stream()
                                .map(each -> each.getKey() + "=\"" + each.getValue() + "\"")
                                .collect(Collectors.joining(",", name + "{", "}"));
        labels.put(written, of);
        return series.computeIfAbsent(written, _ -> new ArrayList<>());
    }

    /** The samples of one family at a step. */
    List<Sample> at(int step, String family) {
        List<Sample> samples = new ArrayList<>();
        series.forEach(
                (written, values) -> {
                    String name = written.substring(0, written.indexOf('{'));
                    String rest = name.startsWith(family) ? name.substring(family.length()) : "no";
                    if (step < values.size()
                            && List.of("", "_count", "_sum", "_bucket").contains(rest)) {
                        samples.add(new Sample(name, labels.get(written), values.get(step)));
                    }
                });
        return samples;
    }

    /** The same as one entry of a promtool test file. */
    String promtool() {
        StringBuilder yaml = new StringBuilder("  - name: " + alert + "\n    interval: 30s\n");
        yaml.append("    input_series:\n");
        series.forEach(
                (written, values) ->
                        yaml.append("      - series: '")
                                .append(written)
                                .append("'\n        values: '")
                                .append(
                                        values.stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(" ")))
                                .append("'\n"));
        yaml.append("    promql_expr_test:\n");
        expected.forEach(
                (minute, phase) -> {
                    expectation(yaml, minute, "firing", phase == AlertPhase.FIRING);
                    expectation(yaml, minute, "pending", phase == AlertPhase.PENDING);
                });
        return yaml.toString();
    }

    private void expectation(StringBuilder yaml, int minute, String state, boolean there) {
        yaml.append(
                """
                      - expr: count(ALERTS{alertname="%s",alertstate="%s"}) or vector(0)
                        eval_time: %dm
                        exp_samples:
                          - labels: '{}'
                            value: %d
                """
                        .formatted(PrometheusRules.name(alert), state, minute, there ? 1 : 0));
    }
}
