package dev.thac.plan;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** A plan as a tree of maps, lists, strings and numbers. Unknown money is null, never zero. */
final class PlanTree {

    private static final int DECIMALS = 9;

    private PlanTree() {}

    static Map<String, Object> of(Plan plan) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("pipeline", plan.pipeline());
        tree.put("from", plan.at().toString());
        tree.put("monthDays", number(plan.monthDays()));
        tree.put("traffic", traffic(plan));
        tree.put("total", total(plan));
        tree.put("unpriced", plan.unpriced());
        tree.put("analyses", plan.analyses().stream().map(PlanTree::analysis).toList());
        tree.put("accounts", plan.accounts().stream().map(PlanTree::account).toList());
        tree.put("latency", latency(plan.latency()));
        tree.put(
                "alternatives",
                plan.alternatives().stream()
                        .map(alternative -> alternative(alternative, plan))
                        .toList());
        tree.put("breakEvens", plan.breakEvens().stream().map(PlanTree::breakEven).toList());
        tree.put("advice", plan.advice().stream().map(PlanTree::advice).toList());
        tree.put("assumptions", plan.assumptions().stream().map(PlanTree::assumption).toList());
        return nulls(tree);
    }

    private static Map<String, Object> traffic(Plan plan) {
        Traffic traffic = plan.traffic();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("eventsPerDay", number(traffic.eventsPerDay()));
        tree.put("eventsPerSecond", number(traffic.perSecond()));
        tree.put("passedPerDay", number(plan.passed()));
        tree.put("judgedPerDay", number(plan.judged()));
        tree.put("profile", traffic.profile().stream().map(PlanTree::number).toList());
        tree.put("zone", traffic.zone().getId());
        tree.put("instances", traffic.instances());
        return nulls(tree);
    }

    private static Map<String, Object> total(Plan plan) {
        Map<String, @Nullable Object> tree = use(plan.use());
        tree.put("usdPerMonth", money(plan.usdPerMonth()));
        tree.put("usdPerMillion", money(plan.usdPerMillion()));
        return nulls(tree);
    }

    private static Map<String, @Nullable Object> use(Use use) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("callsPerDay", number(use.calls()));
        tree.put("inputTokensPerDay", number(use.inputTokens()));
        tree.put("outputTokensPerDay", number(use.outputTokens()));
        tree.put("thinkingTokensPerDay", number(use.thinkingTokens()));
        tree.put("usdPerDay", money(use.usd()));
        return tree;
    }

    private static Map<String, Object> analysis(AnalysisPlan analysis) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", analysis.name());
        tree.put("eventsPerDay", number(analysis.events()));
        tree.put("byRulesPerDay", number(analysis.byRules()));
        tree.put("byCachePerDay", number(analysis.byCache()));
        tree.put(
                "tiers",
                analysis.tiers().stream().map(tier -> tier(tier, analysis.events())).toList());
        return nulls(tree);
    }

    private static Map<String, Object> tier(TierPlan tier, double asked) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("model", tier.model());
        tree.put("id", tier.id());
        tree.put("eventsPerDay", number(tier.events()));
        tree.put("passedOnOfSeen", number(tier.passedOn()));
        tree.put(
                "passedOnOfAsked",
                number(asked == 0 ? 0 : tier.events() * tier.passedOn() / asked));
        tree.put("declaredBatch", tier.declaredBatch());
        tree.put("achievedBatch", number(tier.batch()));
        tree.putAll(use(tier.use()));
        tree.put("usdPerEvent", money(tier.usdPerEvent()));
        return nulls(tree);
    }

    private static Map<String, Object> account(AccountPlan account) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", account.id());
        tree.put("models", account.models());
        tree.put("callsPerMinute", demand(account.callsPerMinute()));
        tree.put("inputTokensPerMinute", demand(account.inputTokensPerMinute()));
        tree.put("outputTokensPerMinute", demand(account.outputTokensPerMinute()));
        tree.put("callsInFlight", demand(account.callsInFlight()));
        return nulls(tree);
    }

    private static Map<String, Object> demand(Demand demand) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("mean", number(demand.mean()));
        tree.put("peakHour", number(demand.peak()));
        tree.put("limit", money(demand.limit()));
        return nulls(tree);
    }

    private static Map<String, Object> latency(Latency latency) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("p50Seconds", number(latency.p50()));
        tree.put("p95Seconds", number(latency.p95()));
        tree.put(
                "calls",
                latency.calls().stream()
                        .map(
                                call ->
                                        Map.of(
                                                "analysis", call.analysis(),
                                                "model", call.model(),
                                                "p50Seconds", number(call.p50()),
                                                "p95Seconds", number(call.p95())))
                        .toList());
        return nulls(tree);
    }

    private static Map<String, Object> alternative(Alternative alternative, Plan plan) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", alternative.name());
        tree.put("note", alternative.note());
        tree.put("callsPerDay", number(alternative.calls()));
        tree.put("usdPerDay", money(alternative.usd()));
        tree.put("usdPerMonth", money(Plan.times(alternative.usd(), plan.monthDays())));
        return nulls(tree);
    }

    private static Map<String, Object> breakEven(BreakEven line) {
        return Map.of("what", line.what(), "at", number(line.at()), "text", line.text());
    }

    private static Map<String, Object> advice(Advice advice) {
        return Map.of(
                "kind",
                advice.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                "text",
                advice.text());
    }

    private static Map<String, Object> assumption(Assumption assumption) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("what", assumption.what());
        tree.put("value", assumption.value());
        tree.put("basis", assumption.basis().name().toLowerCase(java.util.Locale.ROOT));
        tree.put("source", assumption.source());
        return nulls(tree);
    }

    private static @Nullable Object money(OptionalDouble amount) {
        return amount.isEmpty() ? null : number(amount.getAsDouble());
    }

    private static Object number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded =
                BigDecimal.valueOf(value)
                        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // null is a legal member of a tree
    private static Map<String, Object> nulls(Map<String, @Nullable Object> tree) {
        return (Map<String, Object>) (Map<String, ?>) tree;
    }
}
