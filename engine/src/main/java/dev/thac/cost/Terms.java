package dev.thac.cost;

import java.time.Instant;
import java.util.Optional;

/**
 * On what terms a call was made.
 *
 * @param model the provider's id of the model that was asked
 * @param at when the request was sent: the price of that moment holds, whenever the answer came
 * @param price the price in force; empty when unknown, which is not zero
 */
public record Terms(String model, Instant at, Optional<Price> price) {}
