package dev.thac.pipeline;

import dev.thac.enrich.Enricher;
import dev.thac.enrich.Found;
import dev.thac.enrich.LookupException;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.expression.EvaluationException;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds what lookups find to the value, one after the other in their declared order, so that a later
 * one may ask with what an earlier one found. Where all is known already, without waiting.
 */
final class LookupStage implements Stage {

    private static final String NAME = "enrich";

    private final List<Enricher> lookups;

    LookupStage(List<Enricher> lookups) {
        this.lookups = List.copyOf(lookups);
    }

    /** Gives the answer to one key; null where it would have to wait. */
    @FunctionalInterface
    private interface Answers {
        Enricher.@Nullable Result of(Enricher lookup, List<@Nullable Object> key)
                throws LookupException, InterruptedException;
    }

    @Override
    public Progress decide(OpenEvent open) {
        try {
            return enrich(
                    open,
                    (lookup, key) -> {
                        Found known = lookup.known(key);
                        return known == null ? null : new Enricher.Result(known, false);
                    });
        } catch (InterruptedException e) {
            throw new IllegalStateException("what is known already is not waited for", e);
        }
    }

    @Override
    public Progress settle(OpenEvent open) throws InterruptedException {
        return enrich(
                open,
                (lookup, key) -> {
                    Found known = lookup.known(key);
                    return known == null
                            ? lookup.ask(key, open::abandoned)
                            : new Enricher.Result(known, false);
                });
    }

    private Progress enrich(OpenEvent open, Answers answers) throws InterruptedException {
        Event event = open.event();
        if (!(event.value() instanceof Map<?, ?>)) {
            return open.fail(
                    new Failure(
                            ErrorCode.WRONG_TYPE,
                            NAME,
                            "the value is no object: nothing can be looked up into it"));
        }
        Enricher.@Nullable Result[] results = new Enricher.@Nullable Result[lookups.size()];
        for (int i = 0; i < results.length; i++) {
            Enricher lookup = lookups.get(i);
            Enricher.Result result;
            try {
                Optional<List<@Nullable Object>> key = lookup.key(event);
                result = key.isPresent() ? answers.of(lookup, key.get()) : Enricher.Result.NOTHING;
            } catch (EvaluationException e) {
                return failed(open, results, i, ErrorCode.WRONG_TYPE, e.getMessage());
            } catch (LookupException e) {
                return failed(open, results, i, e.code(), e.getMessage());
            }
            if (result == null) {
                return Progress.WAITS;
            }
            results[i] = result;
            if (!result.found().present()) {
                switch (lookup.missing()) {
                    case NULL -> {}
                    case DROP -> {
                        count(results, i + 1);
                        return open.end(Outcome.FilteredOut.INSTANCE);
                    }
                    case DEAD_LETTER -> {
                        count(results, i + 1);
                        return open.fail(
                                new Failure(
                                        ErrorCode.LOOKUP_MISSING,
                                        NAME,
                                        lookup.name() + ": nothing found"));
                    }
                }
            }
            event = with(event, lookup.name(), result.found().tree());
        }
        count(results, results.length);
        open.is(event);
        return Progress.NEXT;
    }

    private Progress failed(
            OpenEvent open,
            Enricher.@Nullable Result[] results,
            int at,
            ErrorCode code,
            @Nullable String why) {
        count(results, at + 1);
        return open.fail(new Failure(code, NAME, lookups.get(at).name() + ": " + why));
    }

    /** Once per event: what has to wait is not counted before it has waited. */
    private void count(Enricher.@Nullable Result[] results, int many) {
        for (int i = 0; i < many; i++) {
            lookups.get(i).count(results[i]);
        }
    }

    @SuppressWarnings("NullAway") // null is a legal member of a tree
    private static Event with(Event event, String name, @Nullable Object tree) {
        return event.withDerived(Collections.singletonMap(name, tree));
    }
}
