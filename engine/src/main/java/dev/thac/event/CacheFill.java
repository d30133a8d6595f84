package dev.thac.event;

/**
 * An accepted answer on its way into the answer cache of its analysis, where it will answer the
 * same input of other events.
 *
 * @param input the input that was judged
 * @param source the event that was judged
 * @param verdict the answer, as a model gave it
 */
public record CacheFill(Digest input, RecordId source, Verdict verdict) {}
