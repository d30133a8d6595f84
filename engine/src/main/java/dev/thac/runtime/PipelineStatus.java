package dev.thac.runtime;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.observe.AlertStatus;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline at one moment, seen from this process. Everything counted is counted when its commit
 * succeeded: the outcomes add up to the events that are done, each once.
 *
 * @param pipeline its name
 * @param state its phase
 * @param since when it was started
 * @param eventsIn records read; those read again after a rebalance or restart count again, those
 *     that come back through a retry topic do not
 * @param outcomes terminal outcome, as {@code thac_events_settled_total} labels it, to events
 * @param routes output topic to records written
 * @param decisions analysis to tier to events it decided
 * @param deadLetters reason to events
 * @param retried level of a retry topic to events sent there, whatever became of them afterwards
 * @param tokens tokens of all calls
 * @param cost their price
 * @param inFlight events being judged
 * @param staged events settled and not yet committed
 * @param partitions partitions held
 * @param paused how many of them are paused for want of room
 * @param lagRecords records behind the end of the source
 * @param lag age of the oldest event not yet committed; zero when there is none
 * @param waiting level of a retry topic to records in it that were not let in yet, as far as this
 *     process reads it
 * @param budgets the budgets that pay for its calls
 * @param alerts where its alerts stand
 * @param companions what runs beside its lanes
 * @param restarts how often a lane was started again after an error
 * @param lastError the last thing that went wrong, if any
 */
public record PipelineStatus(
        String pipeline,
        PipelineState state,
        Instant since,
        long eventsIn,
        Map<String, Long> outcomes,
        Map<String, Long> routes,
        Map<String, Map<String, Long>> decisions,
        Map<String, Long> deadLetters,
        Map<String, Long> retried,
        TokenUsage tokens,
        Money cost,
        long inFlight,
        long staged,
        int partitions,
        int paused,
        long lagRecords,
        Duration lag,
        Map<String, Long> waiting,
        List<BudgetStatus> budgets,
        List<AlertStatus> alerts,
        List<CompanionStatus> companions,
        int restarts,
        Optional<String> lastError) {

    /**
     * Events that are done.
     *
     * @return the sum of all outcomes
     */
    public long settled() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
}
