package dev.thac.plan;

/**
 * Where one way becomes dearer than another.
 *
 * @param what the quantity that decides, for example {@code small passes on}
 * @param at its value at which both cost the same
 * @param text what that means, for people
 */
public record BreakEven(String what, double at, String text) {}
