package dev.thac.enrich;

/** Is told of trouble of lookups that is waited out. Thread-safe. */
@FunctionalInterface
public interface LookupWatch {

    /**
     * Asking failed; events are held, and it is asked again.
     *
     * @param lookup its name in the file
     * @param cause what went wrong
     */
    void trouble(String lookup, LookupException cause);

    /**
     * It answers again, or for the first time.
     *
     * @param lookup its name in the file
     */
    default void answers(String lookup) {}
}
