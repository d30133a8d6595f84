package dev.thac.app.sample;

import java.time.Instant;

/**
 * One made-up event.
 *
 * @param key the key of its record: whom or what the event is about
 * @param time when it happened; its value says so too
 * @param sent when it reached the topic, later than it happened; never before the event before it
 * @param value one line of JSON; in rare cases cut off, so no JSON at all
 */
public record SampleEvent(String key, Instant time, Instant sent, String value) {}
