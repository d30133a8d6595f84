package dev.thac.enrich;

/** Where the lookups of a pipeline are asked. Thread-safe. */
public interface LookupSources {

    /**
     * Where there is nothing to ask: every lookup finds nothing, and the event goes on with null,
     * whatever {@code missing} says. For looking at a pipeline without its surroundings.
     */
    LookupSources NONE = (_, _) -> Local.NOTHING;

    /** Where nobody may be asked: whatever needs a lookup waits for it. */
    LookupSources UNASKED = (_, _) -> Unasked.INSTANCE;

    /**
     * A lookup; nothing is connected to.
     *
     * @param name its name in the file
     * @param spec its declaration
     * @return the lookup
     */
    Lookup open(String name, EnrichSpec spec);

    /**
     * Whom to tell of trouble that is waited out.
     *
     * @return by default nobody
     */
    default LookupWatch watch() {
        return (_, _) -> {};
    }
}
