package dev.thac.app.http;

import dev.thac.event.TokenUsage;
import dev.thac.model.ModelHealth;
import dev.thac.observe.AlertStatus;
import dev.thac.runtime.BudgetStatus;
import dev.thac.runtime.CompanionStatus;
import dev.thac.runtime.PipelineStatus;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The status of pipelines and models as JSON trees. The keys are an interface of ours. */
public final class StatusTree {

    private StatusTree() {}

    /**
     * One pipeline.
     *
     * @param status its figures
     * @return the tree
     */
    public static Map<String, Object> of(PipelineStatus status) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("pipeline", status.pipeline());
        tree.put("state", status.state().name().toLowerCase(Locale.ROOT));
        tree.put("since", status.since().toString());
        tree.put("eventsIn", status.eventsIn());
        tree.put("settled", status.settled());
        tree.put("outcomes", status.outcomes());
        tree.put("decisions", status.decisions());
        tree.put("routes", status.routes());
        tree.put("deadLetters", status.deadLetters());
        tree.put("tokens", tokens(status.tokens()));
        tree.put(
                "cost",
                Map.of(
                        "usd",
                        status.cost().toUsd().toPlainString(),
                        "nanos",
                        status.cost().nanos()));
        tree.put("inFlight", status.inFlight());
        tree.put("staged", status.staged());
        tree.put("partitions", status.partitions());
        tree.put("paused", status.paused());
        tree.put(
                "lag",
                Map.of("records", status.lagRecords(), "seconds", status.lag().toMillis() / 1e3));
        if (!status.retried().isEmpty()) {
            tree.put("retried", status.retried());
            tree.put("waiting", status.waiting());
        }
        if (!status.budgets().isEmpty()) {
            tree.put("budgets", status.budgets().stream().map(StatusTree::of).toList());
        }
        if (!status.alerts().isEmpty()) {
            tree.put("alerts", status.alerts().stream().map(StatusTree::of).toList());
        }
        if (!status.companions().isEmpty()) {
            tree.put("companions", status.companions().stream().map(StatusTree::of).toList());
        }
        tree.put("restarts", status.restarts());
        status.lastError().ifPresent(error -> tree.put("lastError", error));
        return tree;
    }

    /**
     * One budget.
     *
     * @param budget how it is doing
     * @return the tree
     */
    public static Map<String, Object> of(BudgetStatus budget) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", budget.name());
        tree.put("state", budget.state().name().toLowerCase(Locale.ROOT));
        tree.put("reason", budget.reason());
        tree.put("atLimit", budget.atLimit().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        tree.put("per", budget.per().name().toLowerCase(Locale.ROOT));
        tree.put("start", budget.start().toString());
        tree.put("end", budget.end().toString());
        tree.put("limitNanos", budget.limit().nanos());
        tree.put("usedNanos", budget.used().nanos());
        tree.put("spentHereNanos", budget.spentHere().nanos());
        tree.put("reservedHereNanos", budget.reservedHere().nanos());
        tree.put("holder", budget.holder());
        return tree;
    }

    /**
     * One companion of a pipeline's lanes.
     *
     * @param companion how it is
     * @return the tree
     */
    public static Map<String, Object> of(CompanionStatus companion) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", companion.kind());
        tree.put("name", companion.name());
        tree.put("group", companion.group());
        tree.put("state", companion.state());
        tree.put("read", companion.read());
        tree.put("lagRecords", companion.lagRecords());
        tree.put("figures", companion.figures());
        companion.note().ifPresent(note -> tree.put("note", note));
        return tree;
    }

    /**
     * One model.
     *
     * @param health how its account is doing
     * @return the tree
     */
    public static Map<String, Object> of(ModelHealth health) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", health.name());
        tree.put("model", health.id());
        tree.put("breaker", health.breaker().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        tree.put("inFlight", health.inFlight());
        tree.put("limit", health.concurrency());
        health.lastError().ifPresent(trouble -> tree.put("lastTrouble", trouble));
        return tree;
    }

    private static Map<String, Object> of(AlertStatus alert) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("alert", alert.alert());
        if (!alert.subject().isEmpty()) {
            tree.put("subject", alert.subject());
        }
        tree.put("state", alert.phase().label());
        tree.put("severity", alert.severity().label());
        tree.put("condition", alert.condition());
        if (!alert.figures().isEmpty()) {
            tree.put("figures", alert.figures());
        }
        alert.since().ifPresent(since -> tree.put("since", since.toString()));
        return tree;
    }

    private static Map<String, Object> tokens(TokenUsage usage) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("input", usage.input());
        tree.put("cacheRead", usage.cacheRead());
        tree.put("cacheWrite", usage.cacheWrite());
        tree.put("cacheWriteLong", usage.cacheWriteLong());
        tree.put("output", usage.output());
        tree.put("thinking", usage.thinking());
        return tree;
    }
}
