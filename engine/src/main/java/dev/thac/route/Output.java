package dev.thac.route;

import dev.thac.decode.JsonObjects;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.JsonWriter;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
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
                    JsonWriter json = new JsonWriter();
                    writeAnalysis(json);
                    verdict = json.bytes();
                }
                yield verdict;
            }
        };
    }

    private byte @Nullable [] whole() {
        byte[] source = event.delivery().value();
        boolean judged = !trail.verdicts().isEmpty() || !event.analysis().isEmpty();
        Map<String, Object> derived = event.derived();
        if (source == null || (!judged && derived.isEmpty())) {
            return source;
        }
        JsonWriter json = new JsonWriter().open();
        if (!(event.value() instanceof Map<?, ?> members)) {
            json.name("value").value(event.value()).name(ANALYSIS);
            writeAnalysis(json);
            return json.close().bytes();
        }
        for (Map.Entry<String, Object> member : derived.entrySet()) {
            if (!judged || !member.getKey().equals(ANALYSIS)) {
                json.name(member.getKey()).value(member.getValue());
            }
        }
        if (judged) {
            json.name(ANALYSIS);
            writeAnalysis(json);
        }
        byte[] rest = source;
        if (event.replacing() || (judged && members.containsKey(ANALYSIS))) {
            Set<String> replaced = new HashSet<>(derived.keySet());
            if (judged) {
                replaced.add(ANALYSIS);
            }
            rest = JsonObjects.without(source, replaced);
        }
        return JsonObjects.with(rest, json.close().bytes());
    }

    /** Analysis name to its fields, or to its error where it is optional and failed. */
    private void writeAnalysis(JsonWriter json) {
        json.open();
        for (Verdict one : trail.verdicts()) {
            json.name(one.analysis());
            switch (one.result()) {
                case Verdict.Result.Answered(Map<String, Object> fields) -> json.value(fields);
                case Verdict.Result.Unanswered(Failure failure) ->
                        json.open()
                                .name("error")
                                .open()
                                .name("code")
                                .value(failure.code().label())
                                .name("message")
                                .value(failure.message())
                                .close()
                                .close();
            }
        }
        for (Map.Entry<String, Object> other : event.analysis().entrySet()) {
            if (!judged(other.getKey())) {
                json.name(other.getKey()).value(other.getValue());
            }
        }
        json.close();
    }

    private boolean judged(String analysis) {
        for (Verdict one : trail.verdicts()) {
            if (one.analysis().equals(analysis)) {
                return true;
            }
        }
        return false;
    }
}
