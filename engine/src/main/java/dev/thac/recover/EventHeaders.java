package dev.thac.recover;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.event.VerdictJson;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Our headers on records of events that were not settled: their names, and how they are written.
 */
final class EventHeaders {

    static final String SOURCE = "thac.source";
    static final String SOURCE_TIMESTAMP = "thac.source.timestamp";
    static final String PIPELINE = "thac.pipeline";
    static final String STAGE = "thac.stage";
    static final String REASON = "thac.reason";
    static final String MESSAGE = "thac.message";
    static final String ATTEMPTS = "thac.attempts";
    static final String RETRIES = "thac.retries";
    static final String REDRIVES = "thac.redrives";
    static final String FIRST_FAILURE = "thac.first-failure";
    static final String COST = "thac.cost.nanos";
    static final String TOKENS = "thac.tokens";
    static final String COST_BEFORE = "thac.cost.nanos.before";
    static final String TOKENS_BEFORE = "thac.tokens.before";
    static final String TRUNCATED = "thac.truncated";
    static final String SETTLED = "thac.settled.";

    private static final String PREFIX = "thac.";
    private static final Set<String> NAMES =
            Set.of(
                    SOURCE,
                    SOURCE_TIMESTAMP,
                    PIPELINE,
                    STAGE,
                    REASON,
                    MESSAGE,
                    ATTEMPTS,
                    RETRIES,
                    REDRIVES,
                    FIRST_FAILURE,
                    COST,
                    TOKENS,
                    COST_BEFORE,
                    TOKENS_BEFORE,
                    TRUNCATED);

    private EventHeaders() {}

    /** Whether we write headers of that name. */
    static boolean ours(String name) {
        return name.startsWith(PREFIX) && (NAMES.contains(name) || name.startsWith(SETTLED));
    }

    /** Those that are not ours, in order; a list that may be added to. */
    static List<Header> others(List<Header> headers) {
        List<Header> others = new ArrayList<>(headers.size() + NAMES.size());
        for (Header header : headers) {
            if (!ours(header.key())) {
                others.add(header);
            }
        }
        return others;
    }

    /** Who refused the event, where, why, and after how many attempts. */
    static void addFailure(
            List<Header> headers, String pipeline, Failure failure, Trail trail, Instant first) {
        headers.add(Header.text(PIPELINE, pipeline));
        headers.add(Header.text(STAGE, failure.stage()));
        headers.add(Header.text(REASON, failure.code().label()));
        headers.add(Header.text(MESSAGE, failure.message()));
        headers.add(Header.text(ATTEMPTS, Integer.toString(trail.attempts())));
        headers.add(Header.text(FIRST_FAILURE, first.toString()));
    }

    /** What the event cost, and the answers that stand. */
    static void addTrail(List<Header> headers, Trail trail) {
        addCount(headers, COST, trail.price().nanos());
        addCount(headers, TOKENS, trail.tokens());
        addCount(headers, COST_BEFORE, trail.earlier().reported().cost().nanos());
        addCount(headers, TOKENS_BEFORE, trail.earlier().reported().tokens());
        for (Verdict verdict : trail.verdicts()) {
            if (verdict.result() instanceof Verdict.Result.Answered(Map<String, Object> fields)) {
                headers.add(
                        new Header(
                                SETTLED + verdict.analysis(), VerdictJson.write(verdict, fields)));
            }
        }
    }

    /** Where the event entered the pipeline. */
    static void addSource(List<Header> headers, Delivery delivery) {
        headers.add(Header.text(SOURCE, delivery.id().toString()));
    }

    /** When its original record was written. */
    static void addSourceTimestamp(List<Header> headers, Delivery delivery) {
        headers.add(Header.text(SOURCE_TIMESTAMP, Long.toString(delivery.timestamp())));
    }

    /** A figure; left out where it is zero. */
    static void addCount(List<Header> headers, String name, long count) {
        if (count != 0) {
            headers.add(Header.text(name, Long.toString(count)));
        }
    }
}
