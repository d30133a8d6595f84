package dev.thac.kafka;

import dev.thac.spec.NotYet;

/** Which outputs keep the order of their inputs. In files the names are lower case with hyphens. */
public enum Order {
    /** None. */
    NONE,
    /** Those of one key. */
    @NotYet
    KEY,
    /** Those of one partition. */
    @NotYet
    PARTITION
}
