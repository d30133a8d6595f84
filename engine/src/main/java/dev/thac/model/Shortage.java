package dev.thac.model;

import dev.thac.cost.AtLimit;
import dev.thac.cost.BudgetException;
import dev.thac.cost.Spending;

import java.time.Duration;

/**
 * A call that a budget does not cover.
 *
 * @param refused what the budget said
 * @param spending who said it
 */
public record Shortage(BudgetException refused, Spending spending) {

    /**
     * What is to become of the events in the call.
     *
     * @return what the budget declares
     */
    public AtLimit atLimit() {
        return refused.refusal().atLimit();
    }

    /**
     * Which budget refused, and why.
     *
     * @return one line
     */
    public String text() {
        return refused.refusal().text();
    }

    /**
     * Waits until asking again may help. May return early.
     *
     * @param atMost at most how long
     * @throws InterruptedException when the thread is interrupted
     */
    public void await(Duration atMost) throws InterruptedException {
        spending.awaitChange(refused, atMost);
    }
}
