package dev.thac.spec;

import java.time.Duration;

/**
 * A length of time together with its spelling, for things that are named after it.
 *
 * @param text as written, for example {@code 10m}
 * @param length how long that is
 */
public record Delay(String text, Duration length) {}
