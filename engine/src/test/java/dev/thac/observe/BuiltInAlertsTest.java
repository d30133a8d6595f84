package dev.thac.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thac.meter.Metric;
import dev.thac.meter.Sample;
import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every built-in alert fires and clears, in this process and in Prometheus alike. */
class BuiltInAlertsTest {

    private static final Selection REVIEWS =
            new Selection(Optional.of("reviews"), Set.of("small", "strong.2"));
    private static final Pattern NAME = Pattern.compile("thac_[a-z0-9_]+");

    @TempDir private Path folder;

    static Stream<String> alerts() {
        return BuiltIn.labels().stream();
    }

    @Test
    void eachHasOneScenario() {
        assertThat(AlertScenarios.all().stream().map(each -> each.alert))
                .containsExactlyElementsOf(BuiltIn.labels());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void firesAndClearsOnceInInjectedTime(String alert) {
        AlertScenario scenario = scenario(alert);
        ManualTicker ticker = new ManualTicker();
        Duration offset = Duration.between(AlertScenario.START, ticker.now());
        int[] step = {0};
        List<AlertMessage> messages = new ArrayList<>();
        AlertEvaluator evaluator =
                new AlertEvaluator(
                        new AlertEvaluator.Site("reviews", "one", REVIEWS.models()),
                        List.of(rule(alert)),
                        metric -> moved(scenario.at(step[0], metric.family()), metric, offset),
                        ticker,
                        messages::add);
        int last = scenario.expected.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        Map<Integer, AlertPhase> seen = new LinkedHashMap<>();

        for (; step[0] <= last * 2; step[0]++) {
            evaluator.look();
            if (step[0] % 2 == 0 && scenario.expected.containsKey(step[0] / 2)) {
                seen.put(step[0] / 2, evaluator.phase(alert));
            }
            ticker.advance(AlertScenario.STEP);
        }

        assertThat(seen).isEqualTo(scenario.expected);
        assertThat(scenario.expected).containsValue(AlertPhase.FIRING);
        assertThat(messages.stream().map(AlertMessage::firing)).containsExactly(true, false);
        assertThat(messages.getFirst().figures()).contains("(");
    }

    /** The injected clock begins at another time than the scenario. */
    private static List<Sample> moved(List<Sample> samples, Metric metric, Duration offset) {
        return metric == Metric.LAST_PROGRESS
                ? samples.stream()
                        .map(
                                each ->
                                        new Sample(
                                                each.name(),
                                                each.labels(),
                                                each.value() + offset.toSeconds()))
                        .toList()
                : samples;
    }

    @Test
    void promtoolAgrees() throws Exception {
        requirePromtool();
        Files.writeString(folder.resolve("rules.yaml"), rules(REVIEWS));
        StringBuilder tests =
                new StringBuilder("rule_files: [rules.yaml]\nevaluation_interval: 30s\ntests:\n");
        AlertScenarios.all().forEach(each -> tests.append(each.promtool()));
        tests.append(down());
        Files.writeString(folder.resolve("tests.yaml"), tests);

        assertThat(promtool("check", "rules", "rules.yaml"))
                .contains("SUCCESS: " + (BuiltIn.values().length + 1) + " rules found");
        assertThat(promtool("test", "rules", "tests.yaml")).contains("SUCCESS");
    }

    @Test
    void promtoolWouldDisagreeWithAnotherThreshold() throws Exception {
        requirePromtool();
        Files.writeString(
                folder.resolve("rules.yaml"),
                rules(REVIEWS)
                        .replace(
                                "_seconds{pipeline=\"reviews\"}) > 300",
                                "_seconds{pipeline=\"reviews\"}) > 500"));
        Files.writeString(
                folder.resolve("tests.yaml"),
                "rule_files: [rules.yaml]\nevaluation_interval: 30s\ntests:\n"
                        + scenario("lag").promtool());

        assertThat(promtool("test", "rules", "tests.yaml")).contains("FAILED");
    }

    @Test
    void rulesForEveryPipelinePassTheCheckToo() throws Exception {
        requirePromtool();
        Files.writeString(folder.resolve("rules.yaml"), rules(Selection.ALL));

        assertThat(promtool("check", "rules", "rules.yaml"))
                .contains("SUCCESS: " + BuiltIn.values().length + " rules found");
    }

    @Test
    void everyMetricInTheRulesExists() {
        Set<String> known = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            switch (metric.kind()) {
                case COUNTER, GAUGE -> known.add(metric.family());
                case HISTOGRAM, SECONDS, RATIO ->
                        List.of("_bucket", "_count", "_sum")
                                .forEach(suffix -> known.add(metric.family() + suffix));
            }
        }
        Set<String> named = new TreeSet<>();
        for (Signal signal : Signal.values()) {
            Matcher names =
                    NAME.matcher(
                            signal.formula().expression(new Formula.From(signal.scope(), REVIEWS)));
            while (names.find()) {
                named.add(names.group());
            }
        }

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(known).containsAll(named);
    }

    @Test
    void labelsOfASelectionAreThoseOfTheMetric() {
        for (Signal signal : Signal.values()) {
            String expression =
                    signal.formula().expression(new Formula.From(signal.scope(), REVIEWS));
            List<String> labels =
                    signal.metrics().stream().flatMap(each -> each.labels().stream()).toList();

            assertThat(expression.contains("pipeline=\"reviews\""))
                    .as(signal.label())
                    .isEqualTo(labels.contains("pipeline"));
            assertThat(expression.contains("=~\"small|strong\\\\.2\""))
                    .as(signal.label())
                    .isEqualTo(labels.contains("model") || labels.contains("target"));
        }
    }

    @Test
    void thePageForUsersHasEverySignalAndEveryAlert() throws IOException {
        String page = Files.readString(Path.of("../docs/how-to/alerts.md"));

        for (Signal signal : Signal.values()) {
            assertThat(page)
                    .contains(
                            "| `%s` | %s | %s | %s |\n"
                                    .formatted(
                                            signal.label(),
                                            signal.scope().name().toLowerCase(Locale.ROOT),
                                            signal.meaning(),
                                            signal.example()));
        }
        for (BuiltIn alert : BuiltIn.values()) {
            assertThat(page)
                    .contains(
                            "| `%s` | `%s` | %s | %s |\n"
                                    .formatted(
                                            alert.label(),
                                            alert.when(),
                                            alert.hold(),
                                            alert.severity().label()));
        }
    }

    private static String rules(Selection selection) {
        return PrometheusRules.of(
                AlertRules.builtIn(AlertRules.Parts.ALL), selection, "for this test");
    }

    private static AlertScenario scenario(String alert) {
        return AlertScenarios.all().stream()
                .filter(each -> each.alert.equals(alert))
                .findFirst()
                .orElseThrow();
    }

    private static AlertRule rule(String alert) {
        return AlertRules.builtIn(AlertRules.Parts.ALL).stream()
                .filter(each -> each.name().equals(alert))
                .findFirst()
                .orElseThrow();
    }

    /** What only Prometheus can see: a process that is gone. */
    private static String down() {
        AlertScenario scenario =
                new AlertScenario("down")
                        .is("thac_pipeline_state", Map.of("pipeline", "reviews"), 3, 1)
                        .expect(2, AlertPhase.INACTIVE)
                        .expect(12, AlertPhase.FIRING);
        return scenario.promtool();
    }

    private static void requirePromtool() {
        assumeTrue(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "promtool"))),
                "promtool is not installed: the rules file was not checked against Prometheus");
    }

    private String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
