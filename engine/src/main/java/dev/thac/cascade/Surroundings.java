package dev.thac.cascade;

import dev.thac.cost.SpendBook;
import dev.thac.meter.Meters;
import dev.thac.model.Model;
import dev.thac.resilience.RetryPolicy;
import dev.thac.resilience.Ticker;

import java.time.ZoneOffset;
import java.util.function.Function;

/**
 * What an analysis needs from around it.
 *
 * @param pipeline the pipeline's name, a metric label
 * @param models looks up a model by its name in the file; throws where there is none
 * @param retry how often an event may fail on its last tier, and the waits between
 * @param answers remembers what was paid for
 * @param meters where decisions are counted
 * @param ticker time
 * @param book where what is done and spent is entered
 */
public record Surroundings(
        String pipeline,
        Function<String, Model> models,
        RetryPolicy retry,
        Answers answers,
        Meters meters,
        Ticker ticker,
        SpendBook book) {

    /**
     * Surroundings with a book that nobody reads.
     *
     * @param pipeline the pipeline's name, a metric label
     * @param models looks up a model by its name in the file; throws where there is none
     * @param retry how often an event may fail on its last tier, and the waits between
     * @param answers remembers what was paid for
     * @param meters where decisions are counted
     * @param ticker time
     */
    public Surroundings(
            String pipeline,
            Function<String, Model> models,
            RetryPolicy retry,
            Answers answers,
            Meters meters,
            Ticker ticker) {
        this(
                pipeline,
                models,
                retry,
                answers,
                meters,
                ticker,
                new SpendBook(pipeline, ZoneOffset.UTC, meters));
    }

    /**
     * The same with another book.
     *
     * @param other where what is done and spent is entered
     * @return a copy
     */
    public Surroundings withBook(SpendBook other) {
        return new Surroundings(pipeline, models, retry, answers, meters, ticker, other);
    }
}
