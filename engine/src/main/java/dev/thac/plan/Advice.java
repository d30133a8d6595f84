package dev.thac.plan;

/**
 * Something the figures say plainly.
 *
 * @param kind what it is about
 * @param text for people
 */
public record Advice(Kind kind, String text) {

    /** What advice is about. */
    public enum Kind {
        /** It will not work as declared. */
        PROBLEM,
        /** A model is the wrong tool, or not needed for part of it. */
        NO_MODEL,
        /** It can be had for less. */
        CHEAPER,
        /** Something to know. */
        NOTE
    }
}
