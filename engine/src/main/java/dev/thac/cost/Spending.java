package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Duration;

/**
 * Leave to spend, as one asker sees it: it knows every budget that applies to that asker, and a
 * call is covered by all of them or not made. Thread-safe.
 */
public interface Spending {

    /** Where no budget applies: every reservation succeeds at once. */
    Spending UNLIMITED = new UnlimitedSpending();

    /**
     * Reserves what a call can cost at worst, before it is made. Waits while calls that are still
     * open in this process may give back enough, while an answer of the ledger is on its way, and
     * for as long as the ledger cannot be reached. Nothing is asked where the worst is nothing.
     *
     * @param worst most that the call can cost
     * @return the reservation; exactly one of its methods is to be called, once
     * @throws BudgetException when a budget does not cover it; then no budget holds anything
     * @throws InterruptedException when the thread is interrupted
     */
    Hold reserve(Money worst) throws BudgetException, InterruptedException;

    /**
     * Waits until asking again may help: somebody gave money back, a limit was raised, a pause or a
     * period ended. May return early.
     *
     * @param refused what {@link #reserve} threw; what changed since then is not waited for again
     * @param atMost at most how long
     * @throws InterruptedException when the thread is interrupted
     */
    void awaitChange(BudgetException refused, Duration atMost) throws InterruptedException;

    /** Money put aside for one call. The first call of a method counts; later ones do nothing. */
    interface Hold {

        /**
         * The call was made and its cost is known.
         *
         * @param actual what it cost; more than was reserved is counted all the same
         */
        void settle(Money actual);

        /** The call was made and its cost is not known (a time-out): it is charged in full. */
        void charge();

        /** The call was not made, or certainly cost nothing. */
        void release();
    }
}
