package dev.thac.app.live;

import dev.thac.runtime.BudgetStatus;
import dev.thac.runtime.PipelineStatus;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Notices that nothing goes on any more because a budget is used up or paused. Used by one thread.
 */
public final class BudgetWait {

    /** Money that comes back from calls in flight, or from other instances, is waited for. */
    private static final long PATIENCE = Duration.ofSeconds(15).toNanos();

    private long settled = -1;
    private long since = System.nanoTime();

    /**
     * Looks at the pipelines of this process.
     *
     * @param statuses how they are doing
     * @return the budget that has been waited for in vain; empty while something goes on
     */
    public Optional<BudgetStatus> over(List<PipelineStatus> statuses) {
        long now = statuses.stream().mapToLong(PipelineStatus::settled).sum();
        List<BudgetStatus> empty =
                statuses.stream()
                        .filter(status -> status.inFlight() > 0)
                        .flatMap(status -> status.budgets().stream())
                        .filter(budget -> budget.state() == BudgetStatus.State.PAUSED)
                        .filter(budget -> budget.reservedHere().nanos() == 0)
                        .toList();
        if (now != settled || empty.isEmpty()) {
            settled = now;
            since = System.nanoTime();
            return Optional.empty();
        }
        return System.nanoTime() - since < PATIENCE
                ? Optional.empty()
                : Optional.of(empty.getFirst());
    }
}
