package dev.thac.runtime;

import dev.thac.cost.SpendBook;
import dev.thac.kafka.Journal;
import dev.thac.kafka.Lane;
import dev.thac.kafka.LaneSettings;
import dev.thac.kafka.LaneTask;
import dev.thac.model.Claim;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

/**
 * What lanes do, and what they ask before they begin.
 *
 * @param flow turns a record into its outcome
 * @param journal keeps what was paid for, where the file wants that
 * @param models whose accounts are shared with other instances
 * @param book where spending is written down
 * @param treasury leave to spend
 * @param lookups what its events are looked up in, where there is any
 */
record LaneWork(
        Lane.Flow flow,
        @Nullable Journal journal,
        @Nullable Models models,
        @Nullable SpendBook book,
        Treasury treasury,
        @Nullable Enriching lookups) {

    LaneTask task(LaneSettings settings, LaneTally tally, Ticker ticker) {
        LaneTask task = LaneTask.of(settings, flow, tally, ticker);
        return journal == null ? task : task.withRecovery(journal.recovery());
    }

    /** What its lanes will hold of the source is its share of the accounts. */
    @Nullable Claim claim(String pipeline) {
        return models == null ? null : models.claim(pipeline);
    }
}
