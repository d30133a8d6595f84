package dev.thac.cascade;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.model.Model;

/** What one event's way through one analysis has used up. Owned by one thread at a time. */
final class Account {

    private TokenUsage usage = TokenUsage.NONE;
    private Money cost = Money.ZERO;
    private int calls;
    private String answeredBy = "";

    /** A call without a reply: nothing is known to have been billed. */
    void call() {
        calls++;
    }

    /** This event's part of a call that {@code items} events shared. */
    void call(Model.Paid paid, int index, int items) {
        calls++;
        answeredBy = paid.answeredBy();
        usage = usage.plus(paid.reply().usage().share(index, items));
        if (paid.cost().isPresent()) {
            cost = cost.plus(paid.cost().get().share(index, items));
        }
    }

    /** The name in the file of the model that gave the last reply; empty before the first. */
    String answeredBy() {
        return answeredBy;
    }

    TokenUsage usage() {
        return usage;
    }

    Money cost() {
        return cost;
    }

    int calls() {
        return calls;
    }
}
