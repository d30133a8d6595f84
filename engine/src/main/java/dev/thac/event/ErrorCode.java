package dev.thac.event;

import java.util.Locale;

/**
 * Every way an event or a part of Thác can fail: a stable name (metric label, dead-letter header,
 * heading in the error reference), a category and whether another attempt may help.
 */
public enum ErrorCode {
    /** The value is not what {@code format} says. */
    UNDECODABLE(
            ErrorCategory.INPUT,
            false,
            "The record's value could not be decoded in the declared format."),
    /** A tombstone where a value is needed. */
    NULL_VALUE(
            ErrorCategory.INPUT,
            false,
            "The record has no value (a tombstone), and the pipeline needs one."),
    /** A field is missing or of another type than an expression needs. */
    WRONG_TYPE(
            ErrorCategory.INPUT,
            false,
            "A field the pipeline computes with is missing or of another type."),
    /** The event, or the output made from it, passes a size limit. */
    TOO_LARGE(
            ErrorCategory.INPUT, false, "The event or its output is larger than a declared limit."),
    /** The model's answer is no JSON. */
    NOT_JSON(ErrorCategory.ANSWER, true, "The model's answer is not JSON."),
    /** The model stopped at its output limit. */
    TRUNCATED(ErrorCategory.ANSWER, true, "The model's answer was cut at its output limit."),
    /** The answer breaks the declared output schema. */
    SCHEMA_VIOLATION(
            ErrorCategory.ANSWER, true, "The model's answer breaks the declared output schema."),
    /** A batch answer lacks this event. */
    MISSING_ITEM(ErrorCategory.ANSWER, true, "The answer to a batch lacks this event."),
    /** A batch answer has this event twice. */
    DUPLICATE_ITEM(
            ErrorCategory.ANSWER, true, "The answer to a batch has this event more than once."),
    /** The model refused. */
    REFUSED(ErrorCategory.ANSWER, true, "The model refused to answer."),
    /** The provider refused the request as malformed or too long. */
    REQUEST_REJECTED(
            ErrorCategory.ANSWER, false, "The provider rejected the request for this event."),
    /** The call for this one event timed out while others did not. */
    MODEL_TIMEOUT(
            ErrorCategory.DEPENDENCY,
            true,
            "The model did not answer this event in time, while it answered others."),
    /** The call for this one event failed again and again while others did not. */
    MODEL_ERROR(
            ErrorCategory.DEPENDENCY,
            true,
            "The model failed on this event again and again, while it answered others."),
    /** No tier was sure enough and none is left. */
    UNDECIDED(ErrorCategory.ANSWER, false, "No tier settled the event."),
    /** The dead-letter or output record could not be written. */
    OUTPUT_REJECTED(ErrorCategory.INPUT, false, "The broker refused the output record for good."),
    /** The money is used up, and the file says that events do not wait for more. */
    BUDGET(
            ErrorCategory.BUDGET,
            false,
            "No budget covers the call that the event needs, and `atLimit` says `dead-letter`."),
    /** A table, webhook or file never takes the record. */
    SINK_REFUSED(
            ErrorCategory.INPUT,
            false,
            "The table or webhook of a sink refuses the record for good: a constraint, a type, a"
                    + " 4xx answer."),
    /** What a sink writes to is not there or cannot take what it writes. */
    SINK_UNFIT(
            ErrorCategory.CONFIG,
            false,
            "What a sink writes to is not there, or cannot take what it writes."),
    /** The event held up its partition for too long and made way. */
    HEAD_OF_LINE(
            ErrorCategory.CAPACITY,
            true,
            "The event took so long that its partition could not go on, and made way for others."),
    /** The provider cannot serve now. */
    PROVIDER_UNAVAILABLE(ErrorCategory.DEPENDENCY, true, "The model provider is unavailable."),
    /** The provider refused the key. */
    PROVIDER_AUTH(ErrorCategory.DEPENDENCY, true, "The model provider refused the key."),
    /** The provider's own spend cap is reached. */
    PROVIDER_SPEND_CAP(
            ErrorCategory.DEPENDENCY, true, "The model provider's spend cap is reached."),
    /** Kafka cannot be reached or refuses. */
    KAFKA_UNAVAILABLE(ErrorCategory.DEPENDENCY, true, "Kafka cannot be reached."),
    /** A topic is not there. */
    TOPIC_MISSING(ErrorCategory.CONFIG, false, "A topic that the pipeline needs does not exist."),
    /** Kafka forbids this user what a pipeline needs. */
    KAFKA_DENIED(ErrorCategory.CONFIG, false, "Kafka forbids this user what the pipeline needs."),
    /** The brokers, a topic or the group cannot do what the pipeline promises. */
    KAFKA_UNFIT(
            ErrorCategory.CONFIG,
            false,
            "The brokers, a topic or the consumer group cannot do what the pipeline promises."),
    /** Another program commits in the consumer group. */
    FOREIGN_METADATA(
            ErrorCategory.CONFIG,
            false,
            "The consumer group has commits of another program; a group serves one program."),
    /** A topic ends before what was read of it. */
    TOPIC_CUT(
            ErrorCategory.CONFIG,
            false,
            "A source topic ends before the offset that the group has committed."),
    /** The name of the instance is taken. */
    INSTANCE_FENCED(
            ErrorCategory.CONFIG,
            false,
            "Another process took over this instance's transactions; instance names must differ."),
    /** A database cannot be used now. */
    DATABASE_UNAVAILABLE(
            ErrorCategory.DEPENDENCY,
            true,
            "A database cannot be reached, or cannot do its work at the moment."),
    /** A database does not let us in. */
    DATABASE_REFUSED(
            ErrorCategory.CONFIG,
            false,
            "A database refuses the user or the password, or is not there under its name."),
    /** A statement can never succeed. */
    STATEMENT_REFUSED(
            ErrorCategory.INPUT,
            false,
            "A database refuses a statement for good: its text, the type of a value, or a"
                    + " constraint."),
    /** A lookup found nothing. */
    LOOKUP_MISSING(
            ErrorCategory.INPUT,
            false,
            "A lookup found nothing for the event, and `missing` says `dead-letter`."),
    /** A lookup found too much. */
    LOOKUP_AMBIGUOUS(
            ErrorCategory.INPUT,
            false,
            "A lookup found several rows for the event, and one event has room for one."),
    /** A service will never answer a lookup of this event. */
    LOOKUP_REFUSED(
            ErrorCategory.INPUT,
            false,
            "A service refuses the lookup of this event for good, or answers with something that"
                    + " is no JSON."),
    /** A service cannot be used now. */
    SERVICE_UNAVAILABLE(
            ErrorCategory.DEPENDENCY,
            true,
            "A service that a lookup asks cannot be reached, or does not answer."),
    /** A file is wrong. */
    BAD_SPEC(ErrorCategory.CONFIG, false, "A file has problems."),
    /** A defect. */
    INTERNAL(ErrorCategory.INTERNAL, false, "A defect in Thác.");

    private final ErrorCategory category;
    private final boolean retryable;
    private final String summary;
    private final String label;

    ErrorCode(ErrorCategory category, boolean retryable, String summary) {
        this.category = category;
        this.retryable = retryable;
        this.summary = summary;
        this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Whose trouble it is.
     *
     * @return the category
     */
    public ErrorCategory category() {
        return category;
    }

    /**
     * Whether the same event may succeed at another attempt.
     *
     * @return true when it may
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * One sentence for the error reference.
     *
     * @return the sentence
     */
    public String summary() {
        return summary;
    }

    /**
     * The stable name, for example {@code schema-violation}.
     *
     * @return lower case with hyphens
     */
    public String label() {
        return label;
    }
}
