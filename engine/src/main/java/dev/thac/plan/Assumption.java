package dev.thac.plan;

/**
 * One thing a plan rests on.
 *
 * @param what the quantity
 * @param value its value with its unit, for people
 * @param basis what kind of knowledge it is
 * @param source where it is from, and how wrong it may be
 */
public record Assumption(String what, String value, Basis basis, String source) {}
