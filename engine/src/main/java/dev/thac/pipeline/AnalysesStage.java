package dev.thac.pipeline;

import dev.thac.cascade.Analysis;
import dev.thac.cascade.Descent;
import dev.thac.event.CacheFill;
import dev.thac.event.Earlier;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.ThacException;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.resilience.TaskScope;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Asks all analyses about an event: free tiers inline, the rest side by side. Each ends by itself,
 * so that the failure of one does not lose what another has paid for.
 */
final class AnalysesStage implements Stage {

    private final List<Analysis> analyses;
    private final Predicate<OpenEvent> hurried;

    /**
     * @param hurried whether an event must not wait for others
     */
    AnalysesStage(List<Analysis> analyses, Predicate<OpenEvent> hurried) {
        this.analyses = List.copyOf(analyses);
        this.hurried = hurried;
    }

    @Override
    public Progress decide(OpenEvent open) {
        Event event = open.event();
        OpenEvent.@Nullable Way[] ways = new OpenEvent.@Nullable Way[analyses.size()];
        boolean settled = true;
        for (int i = 0; i < ways.length; i++) {
            Analysis analysis = analyses.get(i);
            Verdict given = given(open, analysis);
            if (given != null) {
                ways[i] = new OpenEvent.Way(given);
            } else if (analysis.appliesTo(event)) {
                Descent descent = analysis.begin(event);
                Verdict verdict = descent.decide();
                ways[i] = new OpenEvent.Way(descent, verdict);
                settled &= verdict != null;
            }
        }
        open.goes(ways);
        return settled ? finish(open, ways) : Progress.WAITS;
    }

    @Override
    public Progress settle(OpenEvent open) throws InterruptedException {
        OpenEvent.@Nullable Way[] ways = open.ways();
        if (ways == null) {
            Progress progress = decide(open);
            ways = open.ways();
            if (progress != Progress.WAITS || ways == null) {
                return progress;
            }
        }
        List<OpenEvent.Way> unsettled = unsettled(ways);
        if (unsettled.size() == 1) {
            descend(open, unsettled.getFirst());
        } else {
            sideBySide(open, unsettled);
        }
        return finish(open, ways);
    }

    /** What an earlier pass was answered, if it still stands. */
    private static @Nullable Verdict given(OpenEvent open, Analysis analysis) {
        Earlier earlier = open.delivery().earlier();
        return earlier.settled().isEmpty()
                ? null
                : earlier.settled(analysis.name()).filter(analysis::stands).orElse(null);
    }

    private Verdict descend(OpenEvent open, OpenEvent.Way way) throws InterruptedException {
        Descent descent = Objects.requireNonNull(way.descent(), "an open way leads down");
        Verdict verdict = descent.settle(() -> hurried.test(open), open::abandoned);
        way.end(verdict);
        return verdict;
    }

    private void sideBySide(OpenEvent open, List<OpenEvent.Way> ways) throws InterruptedException {
        try (TaskScope scope = TaskScope.open("analysis")) {
            for (OpenEvent.Way way : ways) {
                Future<Verdict> _ = scope.fork(() -> descend(open, way));
            }
            scope.joinOrThrow();
        } catch (ExecutionException e) {
            throw new ThacException(
                    e.getCause() instanceof ThacException ours ? ours.code() : ErrorCode.INTERNAL,
                    "an analysis of " + open.delivery().id() + " ended without a verdict",
                    e);
        }
    }

    private static List<OpenEvent.Way> unsettled(OpenEvent.@Nullable Way[] ways) {
        List<OpenEvent.Way> unsettled = new ArrayList<>(ways.length);
        for (OpenEvent.Way way : ways) {
            if (way != null && way.verdict() == null) {
                unsettled.add(way);
            }
        }
        return unsettled;
    }

    private Progress finish(OpenEvent open, OpenEvent.@Nullable Way[] ways) {
        List<Verdict> verdicts = new ArrayList<>(ways.length);
        List<Verdict> reached = new ArrayList<>(ways.length);
        List<CacheFill> fills = List.of();
        Map<String, Object> answers = new LinkedHashMap<>(4);
        Failure failure = null;
        for (int i = 0; i < ways.length; i++) {
            OpenEvent.Way way = ways[i];
            Verdict verdict = way == null ? null : way.verdict();
            if (way == null || verdict == null) {
                continue;
            }
            verdicts.add(verdict);
            Analysis analysis = analyses.get(i);
            answers.put(analysis.name(), Descent.fields(verdict));
            if (!analysis.optional()
                    && verdict.result() instanceof Verdict.Result.Unanswered(Failure why)) {
                failure = worse(failure, why);
            }
            Descent descent = way.descent();
            if (descent != null) {
                reached.add(verdict);
                descent.firstFailure().ifPresent(open::failedFirst);
                Optional<CacheFill> fill = descent.fill();
                if (fill.isPresent()) {
                    fills = fills.isEmpty() ? new ArrayList<>(ways.length) : fills;
                    fills.add(fill.get());
                }
            }
        }
        open.went(new Trail(verdicts, reached, open.delivery().earlier(), fills));
        if (failure != null) {
            return open.fail(failure);
        }
        open.is(open.event().withAnalysis(answers));
        return Progress.NEXT;
    }

    /** The first, unless only the other one is for good: then no retry can help the event. */
    private static Failure worse(@Nullable Failure first, Failure other) {
        return first == null || (first.code().retryable() && !other.code().retryable())
                ? other
                : first;
    }
}
