package dev.thac.spec;

import java.util.Locale;

/** What is wrong with a file; the names are stable, scripts may test for them. */
public enum ProblemKind {
    /** The file cannot be read. */
    UNREADABLE,
    /** The file is not YAML. */
    SYNTAX,
    /** The file holds nothing. */
    EMPTY,
    /** A key is given twice in one mapping. */
    DUPLICATE_KEY,
    /** A key that means nothing here. */
    UNKNOWN_KEY,
    /** A key, value or form whose part is not built yet. */
    NOT_YET,
    /** A required key is missing. */
    MISSING_KEY,
    /** A list where text is needed, and the like. */
    WRONG_TYPE,
    /** A value that cannot be read as what it should be. */
    BAD_VALUE,
    /** A number outside its bounds. */
    OUT_OF_RANGE,
    /** A secret written into the file. */
    LITERAL_SECRET,
    /** A CEL expression or template that does not compile. */
    BAD_EXPRESSION,
    /** A filter pattern that does not compile. */
    BAD_PATTERN,
    /** An output schema that cannot be used. */
    BAD_SCHEMA,
    /** A name that nothing in the files declares. */
    UNKNOWN_NAME,
    /** A field that is used but never produced. */
    NEVER_PRODUCED,
    /** Two keys that exclude each other, or settings that contradict. */
    CONFLICT,
    /** A tier or rule that no event can reach. */
    UNREACHABLE,
    /** Events that no tier settles. */
    UNSETTLED,
    /** An answer that cannot fit the model's output limit. */
    DOES_NOT_FIT,
    /** A model without a known price, where a budget has to pay for it. */
    NO_PRICE,
    /** A pipeline that would read its own output. */
    LOOP,
    /** A Kafka setting that belongs to the runtime. */
    OWNED_SETTING;

    /**
     * The stable name, for example {@code unknown-key}.
     *
     * @return lower case with hyphens
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
