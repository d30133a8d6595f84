package dev.thac.plan;

import java.util.OptionalDouble;

/**
 * Another way to do the same, and what it takes.
 *
 * @param name what is different
 * @param note what else that means; may be empty
 * @param calls calls a day
 * @param usd US dollars a day; empty when a price is unknown
 */
public record Alternative(String name, String note, double calls, OptionalDouble usd) {}
