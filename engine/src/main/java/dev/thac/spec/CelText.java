package dev.thac.spec;

/**
 * A CEL expression as written in a file; compiled by {@code expression}.
 *
 * @param text the source
 */
public record CelText(String text) {}
