package dev.thac.cascade;

import dev.thac.cost.SpendBook;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;

/**
 * What every part of one analysis needs from around it.
 *
 * @param pipeline the pipeline's name, a metric label
 * @param analysis the analysis' name
 * @param answers remembers what was paid for
 * @param meters where decisions are counted
 * @param ticker time
 * @param book where what is done and spent is entered
 */
record Setting(
        String pipeline,
        String analysis,
        Answers answers,
        Meters meters,
        Ticker ticker,
        SpendBook book) {

    /** Where failures of this analysis are said to have happened. */
    String stage() {
        return "analysis." + analysis;
    }
}
