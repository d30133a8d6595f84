package dev.thac.cascade;

import dev.thac.batch.BatchBounds;
import dev.thac.batch.MicroBatcher;
import dev.thac.batch.Ticket;
import dev.thac.cost.SpendBook;
import dev.thac.cost.SpendTier;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.AnswerReader;
import dev.thac.model.AnswerSchema;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.model.ModelReply;
import dev.thac.model.ModelRequest;
import dev.thac.resilience.Failpoint;
import dev.thac.resilience.TaskScope;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Asks a model about several events in one call. Items with a valid answer finish at once; the
 * others are asked about once more, just they; a call that fails as a whole is split in half, down
 * to one item. So the calls for a batch are bounded: at most twice its size to reach single items
 * and once more for each. Thread-safe.
 */
final class ModelTier implements Tier {

    private static final int MOST_UNDECLARED = 100;

    private final Setting setting;
    private final Model model;
    private final Prompt prompt;
    private final AnswerReader reader;
    private final OptionalDouble accept;
    private final Till till;
    private final MicroBatcher<Question, Reply> batcher;
    private final Meters.Count decisions;
    private final Meters.Distribution confidences;

    /** Whether a question waits for others. */
    enum Company {
        /** Shares a call with others, for which it waits. */
        OTHERS,
        /** Shares a call with those who happen to wait, but waits for nobody. */
        AT_HAND,
        /** Has a call of its own. */
        NONE
    }

    /** How often the items of a call were asked about before. */
    private enum Asked {
        FIRST,
        AGAIN
    }

    private record CallFailure(ErrorCode code, String message, boolean worthAskingAgain) {}

    ModelTier(
            AnalysisSpec analysis,
            TierSpec.Model spec,
            Model model,
            Setting setting,
            SpendTier part) {
        this.setting = setting;
        this.model = model;
        this.accept =
                spec.accept().isPresent()
                        ? OptionalDouble.of(spec.accept().get().confidence())
                        : OptionalDouble.empty();
        AnswerSchema schema = schema(analysis, accept.isPresent());
        this.prompt = Prompt.of(analysis, schema, model.id());
        this.reader = new AnswerReader(schema);
        int safe = Math.clamp(model.maxOutputTokens() / schema.tokensPerItem(), 1, MOST_UNDECLARED);
        this.batcher =
                new MicroBatcher<>(
                        spec.batch()
                                .map(batch -> BatchBounds.of(batch, safe))
                                .orElse(BatchBounds.ALONE),
                        tickets -> answer(tickets, Asked.FIRST),
                        setting.pipeline(),
                        model.name(),
                        setting.meters(),
                        setting.ticker());
        this.till =
                new Till(
                        model,
                        setting.book().tier(setting.analysis(), model.name(), part),
                        setting.ticker());
        Meters meters = setting.meters();
        String pipeline = setting.pipeline();
        this.decisions = meters.count(Metric.DECISIONS, pipeline, setting.analysis(), name());
        this.confidences =
                meters.distribution(Metric.CONFIDENCE, pipeline, setting.analysis(), name());
    }

    @Override
    public String name() {
        return model.name();
    }

    /** Whether no budget stops it. */
    boolean free() {
        return model.free();
    }

    String modelId() {
        return model.id();
    }

    String promptHash() {
        return prompt.hash();
    }

    /** The least confidence at which an answer stands; empty: any answer does. */
    OptionalDouble accept() {
        return accept;
    }

    /** Whether the model has answered about this event before. */
    boolean remembers(Delivery event) {
        return setting.answers().find(asked(event)).isPresent();
    }

    Reply ask(Question question, Company company) throws InterruptedException {
        Reply.Answered kept = kept(question);
        if (kept != null) {
            return kept;
        }
        Reply reply =
                switch (company) {
                    case OTHERS -> batcher.submit(question, question.tokens());
                    case AT_HAND -> batcher.submitNow(question, question.tokens());
                    case NONE -> batcher.alone(question, question.tokens());
                };
        if (reply instanceof Reply.Answered answered
                && answered.origin() == Reply.Origin.CALL
                && answered.confidence().isPresent()) {
            confidences.record(answered.confidence().getAsDouble());
        }
        return reply;
    }

    void flush() {
        batcher.flush();
    }

    void decided(Account account) {
        decisions.add(1);
        till.settled(account);
    }

    void failed(Account account) {
        till.failed(account);
    }

    private static AnswerSchema schema(AnalysisSpec analysis, boolean withConfidence) {
        return AnswerSchema.of(OutputFields.of(analysis), withConfidence);
    }

    private void answer(List<Ticket<Question, Reply>> tickets, Asked asked)
            throws InterruptedException {
        List<Ticket<Question, Reply>> wanted = wanted(unanswered(tickets));
        if (wanted.isEmpty()) {
            return;
        }
        ModelRequest request = prompt.request(inputs(wanted));
        Model.Paid paid;
        try {
            paid = model.ask(request, till.asker(wanted, () -> abandoned(wanted)));
        } catch (ModelException e) {
            if (e.shortage().isPresent()) {
                Reply unfunded = new Reply.Unfunded(e.shortage().get());
                wanted.forEach(ticket -> ticket.complete(unfunded));
                return;
            }
            wanted.forEach(ticket -> ticket.item().account().call());
            failed(wanted, asked, callFailure(e));
            return;
        }
        Failpoint.IN_FLIGHT.reached();
        SpendBook.Call call = till.paid(paid, wanted);
        ModelReply reply = paid.reply();
        switch (reply.stop()) {
            case COMPLETE -> {
                AnswerReader.Answers answers = reader.read(reply.text(), wanted.size());
                till.usable(call, request, prompt, valid(answers));
                read(answers, wanted, asked);
            }
            case TRUNCATED ->
                    failed(
                            wanted,
                            asked,
                            new CallFailure(
                                    ErrorCode.TRUNCATED,
                                    "the answer was cut at "
                                            + model.maxOutputTokens()
                                            + " output tokens",
                                    true));
            case REFUSED ->
                    failed(
                            wanted,
                            asked,
                            new CallFailure(ErrorCode.REFUSED, "the model refused", false));
            case CONTEXT_FULL ->
                    failed(
                            wanted,
                            asked,
                            new CallFailure(
                                    ErrorCode.REQUEST_REJECTED,
                                    "the model's context window is too small for this event",
                                    false));
        }
    }

    private static int valid(AnswerReader.Answers answers) {
        return switch (answers) {
            case AnswerReader.Answers.Unreadable _ -> 0;
            case AnswerReader.Answers.Read(List<AnswerReader.Item> items, int _) -> {
                int valid = 0;
                for (AnswerReader.Item item : items) {
                    valid += item instanceof AnswerReader.Item.Valid ? 1 : 0;
                }
                yield valid;
            }
        };
    }

    private void read(
            AnswerReader.Answers answers, List<Ticket<Question, Reply>> wanted, Asked asked)
            throws InterruptedException {
        switch (answers) {
            case AnswerReader.Answers.Unreadable(ErrorCode code, String message) ->
                    failed(wanted, asked, new CallFailure(code, message, true));
            case AnswerReader.Answers.Read(List<AnswerReader.Item> items, int foreign) -> {
                countInvalid("foreign-item", foreign);
                settle(wanted, items, asked);
            }
        }
    }

    /** Valid items finish before the others are asked about again. */
    private void settle(
            List<Ticket<Question, Reply>> wanted, List<AnswerReader.Item> items, Asked asked)
            throws InterruptedException {
        List<Ticket<Question, Reply>> invalid = new ArrayList<>(0);
        for (int i = 0; i < wanted.size(); i++) {
            Ticket<Question, Reply> ticket = wanted.get(i);
            switch (items.get(i)) {
                case AnswerReader.Item.Valid valid -> {
                    keep(ticket.item(), valid);
                    ticket.complete(
                            new Reply.Answered(
                                    valid.fields(), valid.confidence(), Reply.Origin.CALL));
                }
                case AnswerReader.Item.Invalid(ErrorCode code, String message) -> {
                    countInvalid(code.label(), 1);
                    if (asked == Asked.FIRST) {
                        invalid.add(ticket);
                    } else {
                        ticket.complete(new Reply.Failed(code, message));
                    }
                }
            }
        }
        answer(invalid, Asked.AGAIN);
    }

    private void failed(List<Ticket<Question, Reply>> wanted, Asked asked, CallFailure failure)
            throws InterruptedException {
        countInvalid(failure.code().label(), 1);
        if (wanted.size() > 1) {
            split(wanted, asked);
        } else if (failure.worthAskingAgain() && asked == Asked.FIRST) {
            answer(wanted, Asked.AGAIN);
        } else {
            wanted.getFirst().complete(new Reply.Failed(failure.code(), failure.message()));
        }
    }

    private void split(List<Ticket<Question, Reply>> wanted, Asked asked)
            throws InterruptedException {
        int half = wanted.size() / 2;
        try (TaskScope scope = TaskScope.open("split")) {
            Future<Integer> _ =
                    scope.fork(
                            () -> {
                                answer(wanted.subList(0, half), asked);
                                return half;
                            });
            answer(wanted.subList(half, wanted.size()), asked);
            scope.joinOrThrow();
        } catch (ExecutionException e) {
            throw new ThacException(
                    e.getCause() instanceof ThacException ours ? ours.code() : ErrorCode.INTERNAL,
                    "half of a batch could not be asked about",
                    e);
        }
    }

    private static CallFailure callFailure(ModelException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case TIMEOUT -> new CallFailure(ErrorCode.MODEL_TIMEOUT, message, false);
            case INVALID, TOO_LARGE -> new CallFailure(ErrorCode.REQUEST_REJECTED, message, false);
            case SERVER, NETWORK -> new CallFailure(ErrorCode.MODEL_ERROR, message, false);
            case RATE_LIMIT, OVERLOADED, SPEND_CAP, AUTH, BUDGET ->
                    throw new ThacException(
                            ErrorCode.INTERNAL,
                            "a model must wait out its provider's trouble, not pass it on: "
                                    + e.kind(),
                            e);
        };
    }

    private Answers.Asked asked(Question question) {
        return asked(question.event());
    }

    private Answers.Asked asked(Delivery event) {
        return new Answers.Asked(
                event.id(), event.earlier().pass(), setting.analysis(), name(), prompt.hash());
    }

    private void keep(Question question, AnswerReader.Item.Valid valid) {
        Account account = question.account();
        Account.Spent spent = account.takeSinceAnswer();
        String model = account.answeredBy().isEmpty() ? name() : account.answeredBy();
        setting.answers()
                .keep(
                        asked(question),
                        new Answers.Answer(
                                valid.fields(),
                                valid.confidence(),
                                model,
                                spent.usage(),
                                spent.cost(),
                                spent.calls()));
    }

    /** What was answered and paid for before; it was checked then, but came back from outside. */
    private Reply.@Nullable Answered kept(Question question) {
        Optional<Answers.Answer> found = setting.answers().find(asked(question));
        if (found.isEmpty()) {
            return null;
        }
        Answers.Answer answer = found.get();
        if (reader.violation(answer.fields()) != null
                || answer.confidence().isPresent() != reader.withConfidence()) {
            countInvalid(ErrorCode.SCHEMA_VIOLATION.label(), 1);
            return null;
        }
        question.account().found(answer);
        setting.meters()
                .add(Metric.JOURNAL_HITS, 1, setting.pipeline(), setting.analysis(), name());
        return new Reply.Answered(answer.fields(), answer.confidence(), Reply.Origin.KEPT);
    }

    /** Those whose answer has not become known while they waited for others; the rest finish. */
    private List<Ticket<Question, Reply>> unanswered(List<Ticket<Question, Reply>> wanted) {
        List<Ticket<Question, Reply>> unanswered = new ArrayList<>(wanted.size());
        for (Ticket<Question, Reply> ticket : wanted) {
            Reply.Answered kept = kept(ticket.item());
            if (kept == null) {
                unanswered.add(ticket);
            } else {
                ticket.complete(kept);
            }
        }
        return unanswered;
    }

    private void countInvalid(String reason, int count) {
        if (count > 0) {
            setting.meters().add(Metric.OUTPUT_INVALID, count, setting.pipeline(), name(), reason);
        }
    }

    /** Those for whom somebody waits; the others end without an answer. */
    private static List<Ticket<Question, Reply>> wanted(List<Ticket<Question, Reply>> tickets) {
        if (tickets.stream().noneMatch(ModelTier::abandoned)) {
            return tickets;
        }
        List<Ticket<Question, Reply>> wanted = new ArrayList<>(tickets.size());
        for (Ticket<Question, Reply> ticket : tickets) {
            if (!abandoned(ticket)) {
                wanted.add(ticket);
            } else if (!ticket.abandoned()) {
                ticket.complete(new Reply.Failed(ErrorCode.INTERNAL, "nobody waits for it"));
            }
        }
        return wanted;
    }

    private static boolean abandoned(List<Ticket<Question, Reply>> tickets) {
        return tickets.stream().allMatch(ModelTier::abandoned);
    }

    private static boolean abandoned(Ticket<Question, Reply> ticket) {
        return ticket.abandoned() || ticket.item().abandoned().getAsBoolean();
    }

    private static List<String> inputs(List<Ticket<Question, Reply>> tickets) {
        List<String> inputs = new ArrayList<>(tickets.size());
        for (Ticket<Question, Reply> ticket : tickets) {
            inputs.add(ticket.item().input());
        }
        return inputs;
    }
}
