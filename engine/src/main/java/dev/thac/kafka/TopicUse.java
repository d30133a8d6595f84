package dev.thac.kafka;

import org.apache.kafka.common.acl.AclOperation;

import java.util.Set;

/** What a pipeline uses a topic for. */
public enum TopicUse {
    /** Its events come from there. */
    SOURCE("source"),
    /** Its results go there. */
    ROUTE("route"),
    /** Events that cannot be settled go there. */
    DEAD_LETTERS("dead letters"),
    /** Things are looked up in it. */
    TABLE("table"),
    /** Its events come through there, with the history of their key. */
    CONTEXT("context"),
    /** Events wait there for another attempt. */
    RETRY("retries"),
    /** Answers are kept there until their events are done. */
    JOURNAL("journal"),
    /** Decided events are written there for the windows that count them. */
    DECISIONS("decisions"),
    /** What budgets have paid out is written there, by all instances. */
    LEDGER("ledger"),
    /** Its records are taken to a table, webhook or files. */
    SINK("sink"),
    /** Alerts are said there. */
    ALERTS("alerts");

    private final String words;

    TopicUse(String words) {
        this.words = words;
    }

    /**
     * The use in words.
     *
     * @return for example {@code dead letters}
     */
    public String words() {
        return words;
    }

    /** What the user must be allowed to do. */
    Set<AclOperation> operations() {
        return switch (this) {
            case SOURCE, TABLE, SINK -> Set.of(AclOperation.READ);
            case ROUTE, DEAD_LETTERS, ALERTS -> Set.of(AclOperation.WRITE);
            case CONTEXT, RETRY, JOURNAL, DECISIONS, LEDGER ->
                    Set.of(AclOperation.READ, AclOperation.WRITE);
        };
    }

    /** Whether the pipeline writes there. */
    boolean written() {
        return operations().contains(AclOperation.WRITE);
    }

    /** Whether records keep the partition number of their source. */
    boolean follows() {
        return this == CONTEXT || this == RETRY || this == JOURNAL || this == DECISIONS;
    }
}
