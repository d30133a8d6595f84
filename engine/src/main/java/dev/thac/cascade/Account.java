package dev.thac.cascade;

import dev.thac.cost.Terms;
import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.model.Model;

import java.util.Optional;

/** What one event's way through one analysis has used up. Owned by one thread at a time. */
final class Account {

    private Spent total = Spent.NOTHING;
    private String answeredBy = "";
    private Spent sinceAnswer = Spent.NOTHING;
    private String payingTier = "";
    private Optional<String> answeredById = Optional.empty();

    /**
     * What some calls used up.
     *
     * @param usage their tokens
     * @param cost their price
     * @param calls how many they were
     */
    record Spent(TokenUsage usage, Money cost, int calls) {

        static final Spent NOTHING = new Spent(TokenUsage.NONE, Money.ZERO, 0);

        Spent plus(Spent other) {
            return new Spent(usage.plus(other.usage), cost.plus(other.cost), calls + other.calls);
        }
    }

    /** A call without a reply: nothing is known to have been billed. */
    void call() {
        spent(new Spent(TokenUsage.NONE, Money.ZERO, 1));
    }

    /** This event's part of a call that {@code items} events shared. */
    void call(Model.Paid paid, int index, int items) {
        answeredBy = paid.answeredBy();
        answeredById = paid.terms().map(Terms::model);
        beside(paid, index, items);
    }

    /** Whether anything was paid for in this pass, at any tier. */
    boolean paid() {
        return !payingTier.isEmpty();
    }

    /** Whether anything was paid for at this tier, which is the last one that was. */
    boolean paidAt(String tier) {
        return payingTier.equals(tier);
    }

    /** Something was paid for at this tier. */
    void paysAt(String tier) {
        payingTier = tier;
    }

    /** This event's part of a call that gave it no answer. */
    void beside(Model.Paid paid, int index, int items) {
        spent(
                new Spent(
                        paid.reply().usage().share(index, items),
                        paid.cost().isPresent()
                                ? paid.cost().get().share(index, items)
                                : Money.ZERO,
                        1));
    }

    /** An answer that was paid for before. */
    void found(Answers.Answer answer) {
        answeredBy = answer.model();
        answeredById = Optional.empty();
        total = total.plus(new Spent(answer.usage(), answer.cost(), answer.calls()));
    }

    /** What was spent since the last answer, which is to say on the one that has just come. */
    Spent takeSinceAnswer() {
        Spent spent = sinceAnswer;
        sinceAnswer = Spent.NOTHING;
        return spent;
    }

    private void spent(Spent more) {
        total = total.plus(more);
        sinceAnswer = sinceAnswer.plus(more);
    }

    /** The name in the file of the model that gave the last reply; empty before the first. */
    String answeredBy() {
        return answeredBy;
    }

    /** The provider's id of that model, where a call was made for it. */
    Optional<String> answeredById() {
        return answeredById;
    }

    TokenUsage usage() {
        return total.usage();
    }

    Money cost() {
        return total.cost();
    }

    int calls() {
        return total.calls();
    }
}
