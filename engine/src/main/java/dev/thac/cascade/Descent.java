package dev.thac.cascade;

import dev.thac.event.CacheFill;
import dev.thac.event.Digest;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.JsonText;
import dev.thac.event.Verdict;
import dev.thac.meter.Metric;
import dev.thac.model.Shortage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * One event's way down the tiers of one analysis. It stops at the first tier that is sure enough
 * and remembers why it left the ones before. Owned by one thread at a time.
 */
public final class Descent {

    private static final String LAST_TIER = "last tier";
    private static final String FROM_JOURNAL = ", from the journal";
    private static final String BUDGET = "budget";

    /** A batch that comes together again is worth this wait; money that comes back ends it. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Analysis analysis;
    private final Event event;
    private final Account account = new Account();
    private int tier;
    private int attempts = 1;
    private String reasons = "";
    private @Nullable String input;
    private @Nullable Question question;
    private @Nullable Digest repeatable;
    private boolean lookedUp;
    private boolean bypasses;
    private @Nullable CacheFill fill;
    private boolean unfunded;
    private @Nullable Instant firstFailure;
    private @Nullable Candidate candidate;

    /**
     * A complete answer that was not sure enough.
     *
     * @param tier index of the tier
     * @param answer the answer
     * @param answeredBy the model that gave it
     */
    private record Candidate(int tier, Reply.Answered answer, String answeredBy) {}

    Descent(Analysis analysis, Event event) {
        this.analysis = analysis;
        this.event = event;
    }

    /**
     * Goes through the free tiers up to the first that costs; never blocks.
     *
     * @return the verdict, or {@code null} when a tier that costs must be asked: {@link #settle}
     */
    public @Nullable Verdict decide() {
        while (tier < analysis.tiers().size()) {
            switch (analysis.tiers().get(tier)) {
                case RulesTier rules -> {
                    RulesTier.Rule rule = rules.first(event);
                    if (rule != null) {
                        return answered(rules, rule);
                    }
                    tier++;
                }
                case ModelTier _ -> {
                    return repeated();
                }
            }
        }
        String message = reasons.isEmpty() ? "no rule holds" : reasons + ", and no rule holds";
        return unanswered(ErrorCode.UNDECIDED, message, "no rule holds");
    }

    /**
     * Goes through all tiers that are left, waiting for models.
     *
     * @param hurried whether batches must not wait for more events, asked before each call
     * @param abandoned whether nobody waits for the verdict any more: then no call is made that was
     *     not made yet, and calls under way go on, so that a journal gets their answers
     * @return the verdict
     * @throws InterruptedException when the calling thread is interrupted, or the event was
     *     abandoned
     */
    public Verdict settle(BooleanSupplier hurried, BooleanSupplier abandoned)
            throws InterruptedException {
        Verdict decided = decide();
        if (decided != null) {
            return decided;
        }
        Repeats repeats = analysis.repeats();
        Digest key = repeatable;
        if (repeats == null || key == null || bypasses) {
            return descend(hurried, abandoned);
        }
        SingleFlight.Flight other = repeats.flights().begin(key);
        if (other != null) {
            CacheFill given = repeats.flights().await(other);
            if (given != null) {
                repeats.countHit();
                return AnswerCache.shared(given);
            }
            repeats.countMiss();
            return descend(hurried, abandoned);
        }
        try {
            repeats.countMiss();
            return descend(hurried, abandoned);
        } finally {
            repeats.flights().land(key, fill);
        }
    }

    /**
     * Its answer for the same input of other events.
     *
     * @return the answer; empty unless a model gave it just now, as its tier should
     */
    public Optional<CacheFill> fill() {
        return Optional.ofNullable(fill);
    }

    private Verdict descend(BooleanSupplier hurried, BooleanSupplier abandoned)
            throws InterruptedException {
        while (true) {
            if (abandoned.getAsBoolean()) {
                throw new InterruptedException("nobody waits for this verdict any more");
            }
            Verdict verdict = decide();
            if (verdict == null && analysis.tiers().get(tier) instanceof ModelTier model) {
                verdict = ask(model, hurried, abandoned);
            }
            if (verdict != null) {
                return verdict;
            }
        }
    }

    /** What the same input was answered before the first model is asked; {@code null}: nothing. */
    private @Nullable Verdict repeated() {
        Repeats repeats = analysis.repeats();
        if (repeats == null || lookedUp) {
            return null;
        }
        lookedUp = true;
        Digest key = repeats.keys().of(input());
        repeatable = key;
        bypasses = repeats.remembered(event.delivery());
        if (bypasses) {
            repeats.countBypass();
            return null;
        }
        Verdict hit = repeats.cache().find(key, analysis.name());
        if (hit != null) {
            repeats.countHit();
        }
        return hit;
    }

    private String input() {
        String rendered = input;
        if (rendered == null) {
            rendered = analysis.input(event);
            input = rendered;
        }
        return rendered;
    }

    /**
     * When its first attempt on the last tier failed.
     *
     * @return the time; empty where none failed but the last
     */
    public Optional<Instant> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    /** One attempt on one model tier; {@code null} when the way goes on. */
    private @Nullable Verdict ask(
            ModelTier model, BooleanSupplier hurried, BooleanSupplier abandoned)
            throws InterruptedException {
        Question asked = question;
        if (asked == null) {
            asked = new Question(event.delivery(), JsonText.text(input()), account, abandoned);
            question = asked;
        }
        return switch (model.ask(asked, company(hurried))) {
            case Reply.Answered answered -> judge(model, answered);
            case Reply.Failed failed -> fail(model, failed);
            case Reply.Unfunded(Shortage shortage) -> unfunded(model, shortage);
        };
    }

    /** An event that failed before spoils no batch again. */
    private ModelTier.Company company(BooleanSupplier hurried) {
        if (attempts > 1) {
            return ModelTier.Company.NONE;
        }
        return hurried.getAsBoolean() ? ModelTier.Company.AT_HAND : ModelTier.Company.OTHERS;
    }

    private @Nullable Verdict judge(ModelTier model, Reply.Answered answered) {
        OptionalDouble accept = model.accept();
        if (accept.isEmpty()) {
            return accepted(model, answered, reasons.isEmpty() ? LAST_TIER : reasons);
        }
        double confidence = answered.confidence().orElse(0);
        double least = accept.getAsDouble();
        String reason = Comparison.text(confidence, least);
        if (confidence >= least) {
            return accepted(model, answered, joined(reason));
        }
        if (isLast()) {
            return unanswered(ErrorCode.UNDECIDED, reason + " on the last tier", reason);
        }
        candidate = new Candidate(tier, answered, account.answeredBy());
        escalate(model, reason, "confidence");
        return null;
    }

    /**
     * What a budget that is used up means: free tiers further down are asked as ever; else the
     * budget says whether to make do with what there is, to fail, or to wait.
     */
    private @Nullable Verdict unfunded(ModelTier model, Shortage shortage)
            throws InterruptedException {
        int free = nextFreeTier();
        if (free > 0) {
            escalate(model, BUDGET, BUDGET);
            unfunded = true;
            tier = free;
            return null;
        }
        Candidate best = candidate;
        return switch (shortage.atLimit()) {
            case DEAD_LETTER -> unanswered(ErrorCode.BUDGET, shortage.text(), BUDGET);
            case DEGRADE -> best == null ? await(shortage) : degraded(best);
            case PAUSE -> await(shortage);
        };
    }

    /** The index of a tier below that costs nothing; 0 where there is none. */
    private int nextFreeTier() {
        for (int below = tier + 1; below < analysis.tiers().size(); below++) {
            if (analysis.tiers().get(below) instanceof ModelTier model && model.free()) {
                return below;
            }
        }
        return 0;
    }

    private static @Nullable Verdict await(Shortage shortage) throws InterruptedException {
        shortage.await(LONGEST_PAUSE);
        return null;
    }

    /** The last complete answer stands in for the one that no money was left for. */
    private Verdict degraded(Candidate best) {
        tier = best.tier();
        if (analysis.tiers().get(tier) instanceof ModelTier model) {
            model.decided(account);
        }
        return verdict(
                new Verdict.Result.Answered(best.answer().fields()),
                best.answer().confidence(),
                joined(BUDGET),
                best.answeredBy());
    }

    /**
     * Only what its tier should answer may answer others: not what a fallback did, nor a tier that
     * was asked because a budget did not cover another.
     */
    private Verdict accepted(ModelTier model, Reply.Answered answered, String reason) {
        Verdict verdict = answered(model, answered, reason);
        Digest key = repeatable;
        if (key != null && !unfunded && isOwn(account.answeredBy(), model)) {
            fill = new CacheFill(key, event.id(), verdict);
        }
        return verdict;
    }

    private @Nullable Verdict fail(ModelTier model, Reply.Failed failed)
            throws InterruptedException {
        String reason = reason(failed.code());
        if (!isLast()) {
            escalate(model, reason, reason.replace(' ', '-'));
            return null;
        }
        Optional<Duration> wait =
                failed.code().retryable() ? analysis.retry().after(attempts) : Optional.empty();
        if (wait.isEmpty()) {
            return unanswered(failed.code(), failed.message(), reason);
        }
        if (attempts == 1) {
            firstFailure = analysis.setting().ticker().now();
        }
        attempts++;
        analysis.setting().ticker().sleep(wait.get());
        return null;
    }

    private void escalate(ModelTier from, String reason, String label) {
        Setting setting = analysis.setting();
        setting.meters()
                .add(
                        Metric.ESCALATIONS,
                        1,
                        setting.pipeline(),
                        setting.analysis(),
                        from.name(),
                        label);
        reasons = joined(reason);
        tier++;
    }

    private static boolean isOwn(String answeredBy, ModelTier asked) {
        return answeredBy.isEmpty() || answeredBy.equals(asked.name());
    }

    private boolean isLast() {
        return tier == analysis.tiers().size() - 1;
    }

    private String joined(String reason) {
        return reasons.isEmpty() ? reason : reasons + "; " + reason;
    }

    private static String reason(ErrorCode code) {
        return switch (code) {
            case REFUSED -> "refused";
            case TRUNCATED -> "truncated";
            case MODEL_TIMEOUT -> "timeout";
            case MODEL_ERROR -> "model error";
            case REQUEST_REJECTED -> "request rejected";
            default -> "invalid output";
        };
    }

    private Verdict answered(RulesTier rules, RulesTier.Rule rule) {
        if (reasons.isEmpty()) {
            rules.decided();
            return rule.verdict();
        }
        rules.decided(account);
        Verdict.Result answered = new Verdict.Result.Answered(rule.then());
        return verdict(answered, OptionalDouble.empty(), joined(rule.reason()));
    }

    private Verdict answered(ModelTier model, Reply.Answered answered, String reason) {
        model.decided(account);
        String whole = answered.origin() == Reply.Origin.KEPT ? reason + FROM_JOURNAL : reason;
        return verdict(
                new Verdict.Result.Answered(answered.fields()), answered.confidence(), whole);
    }

    private Verdict unanswered(ErrorCode code, String message, String reason) {
        if (analysis.tiers().get(Math.min(tier, analysis.tiers().size() - 1))
                instanceof ModelTier model) {
            model.failed(account);
        }
        Failure failure = new Failure(code, analysis.setting().stage(), message);
        return verdict(
                new Verdict.Result.Unanswered(failure), OptionalDouble.empty(), joined(reason));
    }

    private Verdict verdict(Verdict.Result result, OptionalDouble confidence, String reason) {
        return verdict(result, confidence, reason, account.answeredBy());
    }

    private Verdict verdict(
            Verdict.Result result, OptionalDouble confidence, String reason, String answeredBy) {
        Tier last = analysis.tiers().get(Math.min(tier, analysis.tiers().size() - 1));
        Optional<String> model = Optional.empty();
        String prompt = "";
        if (last instanceof ModelTier asked) {
            prompt = asked.promptHash();
            if (isOwn(answeredBy, asked)) {
                model = Optional.of(asked.modelId());
            } else {
                // The provider was unavailable: what stands in the header must be who answered.
                model = Optional.of(answeredBy);
                reason = reason + ", answered by the fallback " + answeredBy;
            }
        }
        return new Verdict(
                analysis.name(),
                result,
                last.name(),
                model,
                confidence,
                reason,
                account.usage(),
                account.cost(),
                account.calls(),
                attempts,
                prompt);
    }

    /**
     * The answer's fields as other stages see them.
     *
     * @param verdict a verdict of any analysis
     * @return the fields, or {@code {"error": …}} where there is no answer
     */
    public static Map<String, Object> fields(Verdict verdict) {
        return switch (verdict.result()) {
            case Verdict.Result.Answered(Map<String, Object> fields) -> fields;
            case Verdict.Result.Unanswered(Failure failure) ->
                    Map.of(
                            "error",
                            Map.of("code", failure.code().label(), "message", failure.message()));
        };
    }
}
