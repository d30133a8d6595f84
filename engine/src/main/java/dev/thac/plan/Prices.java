package dev.thac.plan;

import dev.thac.cost.Price;

import java.time.Instant;
import java.util.Optional;

/** Prices of models by their names in the file. */
@FunctionalInterface
public interface Prices {

    /**
     * The price in force at a time.
     *
     * @param model the model's name in the file
     * @param at when
     * @return the price; empty when unknown, which is not zero
     */
    Optional<Price> price(String model, Instant at);
}
