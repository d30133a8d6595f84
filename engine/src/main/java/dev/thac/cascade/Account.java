package dev.thac.cascade;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.model.Model;

/** What one event's way through one analysis has used up. Owned by one thread at a time. */
final class Account {

    private Spent total = Spent.NOTHING;
    private String answeredBy = "";
    private Spent sinceAnswer = Spent.NOTHING;

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
