package dev.thac.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes rules of what a file says. Stateless. */
public final class AlertRules {

    /** The entry that turns every built-in alert on and says where messages of all alerts go. */
    public static final String DEFAULTS = "defaults";

    private static final AlertSpec NOTHING_SAID =
            new AlertSpec(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final Duration CLEAR = Duration.ofMinutes(1);
    private static final Duration REPEAT = Duration.ofHours(4);

    private AlertRules() {}

    /**
     * What a pipeline has that alerts can be about.
     *
     * @param models whether it asks models
     * @param budgets whether a budget pays
     */
    public record Parts(boolean models, boolean budgets) {

        /** Everything. */
        public static final Parts ALL = new Parts(true, true);

        private boolean fits(BuiltIn alert) {
            return switch (alert.condition().scope()) {
                case PIPELINE -> true;
                case MODEL, TIER -> models;
                case BUDGET -> budgets;
            };
        }
    }

    /**
     * The alerts of a file: those it names, and with {@link #DEFAULTS} every built-in alert that
     * fits.
     *
     * @param alerts name to alert, checked
     * @param parts what the pipeline has
     * @return the rules
     * @throws IllegalArgumentException when a condition cannot be read, or an alert that is not
     *     built in has none: the file was not checked
     */
    public static List<AlertRule> of(Map<String, AlertSpec> alerts, Parts parts) {
        Optional<AlertSpec> defaults = Optional.ofNullable(alerts.get(DEFAULTS));
        List<AlertRule> rules = new ArrayList<>();
        if (defaults.isPresent()) {
            for (BuiltIn each : BuiltIn.values()) {
                if (parts.fits(each) && !alerts.containsKey(each.label())) {
                    rules.add(rule(each.label(), NOTHING_SAID, defaults.get()));
                }
            }
        }
        alerts.forEach(
                (name, spec) -> {
                    if (!name.equals(DEFAULTS)) {
                        rules.add(rule(name, spec, defaults.orElse(NOTHING_SAID)));
                    }
                });
        return List.copyOf(rules);
    }

    /**
     * Every built-in alert that fits, as it is where no file changes it.
     *
     * @param parts what the pipeline has
     * @return the rules
     */
    public static List<AlertRule> builtIn(Parts parts) {
        return of(Map.of(DEFAULTS, NOTHING_SAID), parts);
    }

    private static AlertRule rule(String name, AlertSpec spec, AlertSpec defaults) {
        Optional<BuiltIn> builtIn = BuiltIn.of(name);
        Condition condition = condition(name, spec, builtIn);
        Duration hold = spec.hold().or(() -> builtIn.map(BuiltIn::holding)).orElse(HOLD);
        return new AlertRule(
                name,
                condition,
                new AlertRule.Timing(
                        hold,
                        spec.clear().or(defaults::clear).orElse(CLEAR),
                        spec.repeat().or(defaults::repeat).orElse(REPEAT)),
                spec.severity().or(() -> builtIn.map(BuiltIn::severity)).orElse(Severity.WARNING),
                builtIn.filter(each -> spec.when().isEmpty())
                        .map(BuiltIn::words)
                        .orElseGet(() -> Words.of(condition)),
                spec.to().or(defaults::to),
                spec.webhook().or(defaults::webhook));
    }

    private static Condition condition(String name, AlertSpec spec, Optional<BuiltIn> builtIn) {
        if (spec.when().isEmpty()) {
            return builtIn.map(BuiltIn::condition)
                    .orElseThrow(() -> new IllegalArgumentException(name + " has no condition"));
        }
        try {
            return Condition.parse(spec.when().get());
        } catch (ConditionException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
