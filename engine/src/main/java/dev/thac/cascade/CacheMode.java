package dev.thac.cascade;

/** Which inputs are the same to the answer cache. */
public enum CacheMode {
    /** Those that are equal, character for character. */
    EXACT,
    /** Those that are equal but for case, white space and the way accents are encoded. */
    NORMALISED,
    /** None: every event is judged by itself. */
    OFF
}
