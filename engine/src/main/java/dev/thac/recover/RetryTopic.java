package dev.thac.recover;

import java.time.Duration;

/**
 * A topic whose records wait before they are read.
 *
 * @param name the topic
 * @param level the delay as the file spells it
 * @param delay how long a record waits, from its arrival at the broker on
 */
public record RetryTopic(String name, String level, Duration delay) {}
