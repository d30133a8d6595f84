package dev.thac.app.trial;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.terminal.Json;
import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.event.Verdict;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of an event, as a JSON tree. */
public final class OutcomeTree {

    private OutcomeTree() {}

    /**
     * One event.
     *
     * @param delivery the event
     * @param outcome what became of it
     * @param trace whether every step is wanted
     * @return the tree
     */
    public static Map<String, @Nullable Object> of(
            Delivery delivery, Outcome outcome, boolean trace) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("event", delivery.id().toString());
        switch (outcome) {
            case Outcome.Routed routed -> {
                tree.put("outcome", "routed");
                tree.put(
                        "outputs",
                        routed.records().stream().map(record -> record(record, trace)).toList());
            }
            case Outcome.FilteredOut _ -> tree.put("outcome", "filtered");
            case Outcome.SampledOut _ -> tree.put("outcome", "sampled-out");
            case Outcome.DeadLettered dead -> {
                tree.put("outcome", "dead-lettered");
                failure(tree, dead.failure());
                tree.put("outputs", List.of(record(dead.record(), trace)));
            }
            case Outcome.RetryLater later -> {
                tree.put("outcome", "retry-later");
                failure(tree, later.failure());
                tree.put("delay", later.delay().toString());
            }
        }
        List<Verdict> verdicts = outcome.trail().verdicts();
        if (!verdicts.isEmpty()) {
            Map<String, Object> decided = new LinkedHashMap<>();
            verdicts.forEach(verdict -> decided.put(verdict.analysis(), verdict.tier()));
            tree.put("decidedBy", decided);
            tree.put("cost", outcome.trail().cost().toUsd());
            if (trace) {
                tree.put("trace", verdicts.stream().map(OutcomeTree::verdict).toList());
            }
        }
        return tree;
    }

    /**
     * One event with every step, and what the models were given of it.
     *
     * @param delivery the event
     * @param outcome what became of it
     * @param inputs by analysis: the text that stood in the models' requests
     * @return the tree
     */
    public static Map<String, @Nullable Object> traced(
            Delivery delivery, Outcome outcome, Map<String, String> inputs) {
        Map<String, @Nullable Object> tree = of(delivery, outcome, true);
        if (!inputs.isEmpty()) {
            tree.put("inputs", inputs);
        }
        return tree;
    }

    private static void failure(Map<String, @Nullable Object> tree, Failure failure) {
        tree.put("reason", failure.code().label());
        tree.put("stage", failure.stage());
        tree.put("message", failure.message());
    }

    private static Map<String, @Nullable Object> record(SinkRecord record, boolean headers) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("topic", record.topic());
        tree.put("key", text(record.key()));
        if (headers) {
            Map<String, Object> all = new LinkedHashMap<>();
            for (Header header : record.headers()) {
                all.put(header.key(), header.text());
            }
            tree.put("headers", all);
        }
        tree.put("value", value(record));
        return tree;
    }

    /**
     * The value of a record: a tree where it is JSON, else text.
     *
     * @param record what was written
     * @return a JSON tree
     */
    public static @Nullable Object value(SinkRecord record) {
        String text = text(record.value());
        if (text == null) {
            return null;
        }
        try {
            return Json.read(text);
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private static Map<String, @Nullable Object> verdict(Verdict verdict) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("analysis", verdict.analysis());
        switch (verdict.result()) {
            case Verdict.Result.Answered answered -> tree.put("answer", answered.fields());
            case Verdict.Result.Unanswered unanswered -> failure(tree, unanswered.failure());
        }
        tree.put("tier", verdict.tier());
        verdict.model().ifPresent(model -> tree.put("model", model));
        verdict.confidence().ifPresent(confidence -> tree.put("confidence", confidence));
        tree.put("why", verdict.reason());
        tree.put("calls", verdict.calls());
        tree.put(
                "tokens",
                Map.of(
                        "input",
                        verdict.usage().input()
                                + verdict.usage().cacheRead()
                                + verdict.usage().cacheWrite(),
                        "output",
                        verdict.usage().output() + verdict.usage().thinking()));
        tree.put("cost", verdict.cost().toUsd());
        return tree;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
