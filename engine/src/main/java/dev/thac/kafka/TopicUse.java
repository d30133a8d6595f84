package dev.thac.kafka;

import org.apache.kafka.common.acl.AclOperation;

import java.util.Set;

/** What a pipeline uses a topic for. */
public enum TopicUse {
    /** Its events come from there. */
    SOURCE("source", Set.of(AclOperation.READ)),
    /** Its results go there. */
    ROUTE("route", Set.of(AclOperation.WRITE)),
    /** Events that cannot be settled go there. */
    DEAD_LETTERS("dead letters", Set.of(AclOperation.WRITE)),
    /** Events wait there for another attempt. */
    RETRY("retries", Set.of(AclOperation.READ, AclOperation.WRITE)),
    /** Answers are kept there until their events are done. */
    JOURNAL("journal", Set.of(AclOperation.READ, AclOperation.WRITE));

    private final String words;
    private final Set<AclOperation> operations;

    TopicUse(String words, Set<AclOperation> operations) {
        this.words = words;
        this.operations = operations;
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
        return operations;
    }

    /** Whether the pipeline writes there. */
    boolean written() {
        return operations.contains(AclOperation.WRITE);
    }

    /** Whether records keep the partition number of their source. */
    boolean follows() {
        return this == RETRY || this == JOURNAL;
    }
}
