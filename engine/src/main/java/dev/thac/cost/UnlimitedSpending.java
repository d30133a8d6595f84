package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Duration;

/** No budget. */
final class UnlimitedSpending implements Spending {

    /** Of nothing, for everybody: it has no state. */
    static final Hold NOTHING =
            new Hold() {
                @Override
                public void settle(Money actual) {}

                @Override
                public void charge() {}

                @Override
                public void release() {}
            };

    @Override
    public Hold reserve(Money worst) {
        return NOTHING;
    }

    @Override
    public void awaitChange(BudgetException refused, Duration atMost) {}
}
