package dev.thac.cascade;

import dev.thac.cost.SpendBook;
import dev.thac.cost.SpendTier;
import dev.thac.event.Event;
import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.event.Verdict;
import dev.thac.expression.Condition;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Tree;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Free rules in order; the first whose condition holds answers. Immutable. */
final class RulesTier implements Tier {

    private final List<Rule> rules;
    private final Meters.Count decisions;
    private final SpendBook.Tier book;
    private final Ticker ticker;

    /** A rule and the verdict it gives to every event on which nothing was spent before. */
    record Rule(Condition when, Map<String, Object> then, String reason, Verdict verdict) {}

    RulesTier(TierSpec.Rules spec, Setting setting) throws ExpressionException {
        List<Rule> compiled = new ArrayList<>();
        for (RuleSpec rule : spec.rules()) {
            Map<String, Object> then = constant(rule.then());
            String reason = "rule " + (compiled.size() + 1);
            compiled.add(
                    new Rule(
                            Expressions.condition(rule.when().text()),
                            then,
                            reason,
                            verdict(setting.analysis(), then, reason)));
        }
        this.rules = List.copyOf(compiled);
        this.decisions =
                setting.meters()
                        .count(Metric.DECISIONS, setting.pipeline(), setting.analysis(), name());
        this.book = setting.book().tier(setting.analysis(), name(), SpendTier.RULES);
        this.ticker = setting.ticker();
    }

    @Override
    public String name() {
        return "rules";
    }

    /** The first rule that holds, or {@code null}. */
    @Nullable Rule first(Event event) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.when().test(event)) {
                return rule;
            }
        }
        return null;
    }

    /** A rule decided an event for which nothing was done before. */
    void decided() {
        decisions.add(1);
        book.settledFree();
    }

    /** A rule decided an event on which something may have been spent. */
    void decided(Account account) {
        decisions.add(1);
        book.settled("", ticker.now(), account.paid());
    }

    private static Verdict verdict(String analysis, Map<String, Object> then, String reason) {
        return new Verdict(
                analysis,
                new Verdict.Result.Answered(then),
                "rules",
                Optional.empty(),
                OptionalDouble.empty(),
                reason,
                TokenUsage.NONE,
                Money.ZERO,
                0,
                1,
                "");
    }

    @SuppressWarnings("NullAway") // null is a legal value of an output field
    private static Map<String, Object> constant(Map<String, Tree> then) {
        Map<String, Object> fields = new LinkedHashMap<>();
        then.forEach((name, tree) -> fields.put(name, tree.value()));
        return Collections.unmodifiableMap(fields);
    }
}
