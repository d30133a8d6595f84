package dev.thac.kafka;

/** What to do about commits of the group whose metadata another program has written. */
public enum ForeignMetadata {
    /** Refuse to run: another program reads with this group. */
    REFUSE,
    /** Take the offset, drop the metadata. */
    IGNORE
}
