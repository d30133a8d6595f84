package dev.thac.app.trial;

import dev.thac.app.terminal.Json;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.Verdict;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.spec.CelText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what came of events with what a test expects; every difference is one line. */
final class Expectation {

    private final ExpectSpec expect;
    private final List<String> differences = new ArrayList<>();

    private Expectation(ExpectSpec expect) {
        this.expect = expect;
    }

    /**
     * Compares.
     *
     * @param expect what a test expects
     * @param deliveries the events
     * @param outcomes what came of them, in the same order
     * @return one line for each difference; empty when all is as expected
     */
    static List<String> differences(
            ExpectSpec expect, List<Delivery> deliveries, List<Outcome> outcomes) {
        Expectation expectation = new Expectation(expect);
        for (int i = 0; i < outcomes.size(); i++) {
            expectation.event(deliveries.get(i), outcomes.get(i));
        }
        if (!expect.outputs().isEmpty()) {
            expectation.outputs(outcomes);
        }
        return List.copyOf(expectation.differences);
    }

    private void event(Delivery delivery, Outcome outcome) {
        String about = delivery.id().offset() + 1 + ": ";
        switch (outcome) {
            case Outcome.FilteredOut _ when !expect.filtered() ->
                    differences.add("event " + about + "was filtered out");
            case Outcome.FilteredOut _ -> {}
            case Outcome.DeadLettered dead -> deadLetter("event " + about, dead.failure());
            case Outcome.RetryLater later ->
                    differences.add("event " + about + "goes to a retry topic: " + later.failure());
            case Outcome.SampledOut _ when !sampledOut() ->
                    differences.add("event " + about + "was sampled out");
            case Outcome.SampledOut _ -> {}
            case Outcome.Routed routed -> routed(delivery, "event " + about, routed);
        }
    }

    private boolean sampledOut() {
        return expect.sampledOut().orElse(false);
    }

    private void deadLetter(String about, Failure failure) {
        if (!expect.deadLetter().equals(Optional.of(failure.code().label()))) {
            differences.add(
                    about
                            + "was dead-lettered: "
                            + failure.code().label()
                            + " in "
                            + failure.stage()
                            + ", "
                            + failure.message());
        }
    }

    private void routed(Delivery delivery, String about, Outcome.Routed routed) {
        if (expect.filtered() || sampledOut() || expect.deadLetter().isPresent()) {
            differences.add(
                    about
                            + "went through to "
                            + routed.records().stream().map(SinkRecord::topic).toList());
            return;
        }
        Map<String, Object> analysis = new LinkedHashMap<>();
        for (Verdict verdict : routed.trail().verdicts()) {
            switch (verdict.result()) {
                case Verdict.Result.Answered answered ->
                        analysis.put(verdict.analysis(), answered.fields());
                case Verdict.Result.Unanswered unanswered ->
                        analysis.put(
                                verdict.analysis(),
                                Map.of("error", unanswered.failure().code().label()));
            }
        }
        expect.analysis()
                .forEach(
                        (name, wanted) ->
                                subset(
                                        about + "analysis." + name,
                                        wanted.value(),
                                        analysis.get(name)));
        expect.tier().forEach((name, tier) -> tier(about, name, tier, routed.trail().verdicts()));
        Object value = routed.records().isEmpty() ? null : value(routed.records().getFirst());
        conditions(
                about, expect.where(), new Event(delivery, value).withAnalysis(analysis), analysis);
    }

    private void tier(String about, String analysis, String tier, List<Verdict> verdicts) {
        Optional<Verdict> verdict =
                verdicts.stream().filter(each -> each.analysis().equals(analysis)).findFirst();
        if (verdict.isEmpty()) {
            differences.add(about + "analysis " + analysis + " was not asked");
        } else if (!verdict.get().tier().equals(tier)) {
            differences.add(
                    about
                            + "tier of "
                            + analysis
                            + ": expected "
                            + tier
                            + ", was "
                            + verdict.get().tier()
                            + " ("
                            + verdict.get().reason()
                            + ")");
        }
    }

    private void conditions(
            String about, List<CelText> conditions, Event event, Map<String, Object> analysis) {
        for (CelText condition : conditions) {
            try {
                if (!Expressions.condition(condition.text()).test(event)) {
                    differences.add(
                            about
                                    + "does not hold: "
                                    + condition.text()
                                    + "; analysis is "
                                    + Json.line(analysis));
                }
            } catch (ExpressionException e) {
                throw new IllegalStateException("checked when the file was read", e);
            }
        }
    }

    private void outputs(List<Outcome> outcomes) {
        List<SinkRecord> left = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Routed routed -> left.addAll(routed.records());
                case Outcome.DeadLettered dead -> left.add(dead.record());
                case Outcome.FilteredOut _, Outcome.SampledOut _, Outcome.RetryLater _ -> {}
            }
        }
        for (OutputSpec output : expect.outputs()) {
            for (int i = 0; i < output.times(); i++) {
                take(output, left);
            }
        }
        for (SinkRecord record : left) {
            differences.add("unexpected output to " + shown(record));
        }
    }

    /** Takes the first record that fits; where none does, tells how the best one differs. */
    private void take(OutputSpec output, List<SinkRecord> left) {
        List<String> nearest = List.of();
        for (SinkRecord record : left) {
            if (record.topic().equals(output.topic())) {
                Expectation attempt = new Expectation(expect);
                attempt.output(output, record);
                if (attempt.differences.isEmpty()) {
                    left.remove(record);
                    return;
                }
                if (nearest.isEmpty() || attempt.differences.size() < nearest.size()) {
                    nearest = attempt.differences;
                }
            }
        }
        if (nearest.isEmpty()) {
            differences.add("missing output to " + output.topic());
        } else {
            differences.addAll(nearest);
        }
    }

    private void output(OutputSpec output, SinkRecord record) {
        String about = "output to " + output.topic() + ": ";
        if (output.key().isPresent() && !output.key().get().equals(text(record.key()))) {
            differences.add(
                    about + "key: expected " + output.key().get() + ", was " + text(record.key()));
        }
        Object value = value(record);
        output.value().ifPresent(wanted -> subset(about + "value", wanted.value(), value));
        output.headers().forEach((name, wanted) -> header(about, name, wanted, record.headers()));
        Map<String, Object> analysis = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map && map.get("analysis") instanceof Map<?, ?> answers) {
            answers.forEach((name, answer) -> analysis.put(String.valueOf(name), answer));
        }
        Delivery delivery =
                new Delivery(
                        new RecordId(record.topic(), 0, 0),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers());
        conditions(
                about, output.where(), new Event(delivery, value).withAnalysis(analysis), analysis);
    }

    private void header(String about, String name, String wanted, List<Header> headers) {
        List<String> values =
                headers.stream()
                        .filter(header -> header.key().equals(name))
                        .map(Header::text)
                        .toList();
        if (!values.contains(wanted)) {
            differences.add(
                    about
                            + "header "
                            + name
                            + ": expected "
                            + wanted
                            + ", was "
                            + (values.isEmpty() ? "missing" : String.join(", ", values)));
        }
    }

    private void subset(String place, @Nullable Object wanted, @Nullable Object actual) {
        if (wanted instanceof Map<?, ?> members) {
            if (!(actual instanceof Map<?, ?> map)) {
                differ(place, wanted, actual);
                return;
            }
            members.forEach((name, member) -> subset(place + "." + name, member, map.get(name)));
        } else if (!Json.equal(wanted, actual)) {
            differ(place, wanted, actual);
        }
    }

    private void differ(String place, @Nullable Object wanted, @Nullable Object actual) {
        differences.add(place + ": expected " + Json.line(wanted) + ", was " + Json.line(actual));
    }

    private static @Nullable Object value(SinkRecord record) {
        return OutcomeTree.value(record);
    }

    private static String shown(SinkRecord record) {
        return record.topic() + ": " + Json.line(value(record));
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
