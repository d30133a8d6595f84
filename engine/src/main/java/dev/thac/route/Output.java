package dev.thac.route;

import dev.thac.decode.JsonObjects;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.JsonText;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The output values of one event, each made once.
 *
 * <p>An object keeps its bytes; what was derived and the analysis are added before the closing
 * brace, and replace members of the same names. Other values become {@code {"value": …, "analysis":
 * …}}. Where nothing was derived or judged, the value is the source's.
 */
final class Output {

    private static final String ANALYSIS = "analysis";

    private final Event event;
    private final Trail trail;
    private byte @Nullable [] whole;
    private byte @Nullable [] verdict;

    Output(Event event, Trail trail) {
        this.event = event;
        this.trail = trail;
    }

    byte @Nullable [] value(Emit emit) {
        return switch (emit) {
            case EVENT -> {
                if (whole == null) {
                    whole = whole();
                }
                yield whole;
            }
            case VERDICT -> {
                if (verdict == null) {
                    verdict = JsonText.bytes(analysis());
                }
                yield verdict;
            }
        };
    }

    private byte @Nullable [] whole() {
        byte[] source = event.delivery().value();
        boolean judged = !trail.verdicts().isEmpty() || !event.analysis().isEmpty();
        if (source == null || (!judged && event.derived().isEmpty())) {
            return source;
        }
        if (!(event.value() instanceof Map<?, ?> members)) {
            Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
            envelope.put("value", event.value());
            envelope.put(ANALYSIS, analysis());
            return JsonText.bytes(envelope);
        }
        Map<String, @Nullable Object> additions = new LinkedHashMap<>(event.derived());
        if (judged) {
            additions.put(ANALYSIS, analysis());
        }
        byte[] rest = source;
        if (!event.derived().isEmpty() || members.containsKey(ANALYSIS)) {
            Set<String> replaced = new HashSet<>(additions.keySet());
            rest = JsonObjects.without(source, replaced);
        }
        return JsonObjects.with(rest, JsonText.bytes(additions));
    }

    /** Analysis name to its fields, or to its error where it is optional and failed. */
    private Map<String, @Nullable Object> analysis() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Verdict one : trail.verdicts()) {
            all.put(
                    one.analysis(),
                    switch (one.result()) {
                        case Verdict.Result.Answered(Map<String, Object> fields) -> fields;
                        case Verdict.Result.Unanswered(Failure failure) ->
                                Map.of(
                                        "error",
                                        Map.of(
                                                "code", failure.code().label(),
                                                "message", failure.message()));
                    });
        }
        event.analysis().forEach(all::putIfAbsent);
        return all;
    }
}
