package dev.thac.cascade;

import dev.thac.meter.Meters;
import dev.thac.model.Model;
import dev.thac.resilience.RetryPolicy;
import dev.thac.resilience.Ticker;

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
 */
public record Surroundings(
        String pipeline,
        Function<String, Model> models,
        RetryPolicy retry,
        Answers answers,
        Meters meters,
        Ticker ticker) {}
