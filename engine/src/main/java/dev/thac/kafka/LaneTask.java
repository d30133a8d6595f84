package dev.thac.kafka;

import dev.thac.resilience.Ticker;

/**
 * What a lane was given to do.
 *
 * @param settings what to read, where to write
 * @param flow what to do with each record
 * @param listener who counts
 * @param ticker the time
 */
record LaneTask(LaneSettings settings, Lane.Flow flow, Lane.Listener listener, Ticker ticker) {}
