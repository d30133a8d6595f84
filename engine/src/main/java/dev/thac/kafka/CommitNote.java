package dev.thac.kafka;

/** What stands beside a committed offset, for those who look at a group from outside. Immutable. */
public final class CommitNote {

    /** What it is. */
    public enum Kind {
        /** Nothing: everything from the offset on is unfinished. */
        NONE,
        /** Which events beyond the offset are finished. */
        MAP,
        /** Of another program, of another offset, or damaged; a lane discards it. */
        FOREIGN
    }

    private static final OffsetMap EMPTY = new OffsetMap(0, 0, 0);

    private final Kind kind;
    private final long committed;
    private final OffsetMap map;

    private CommitNote(Kind kind, long committed, OffsetMap map) {
        this.kind = kind;
        this.committed = committed;
        this.map = map;
    }

    /**
     * Reads the metadata of a commit.
     *
     * @param metadata what stands beside the offset; may be empty
     * @param committed the offset
     * @return what it says
     */
    public static CommitNote of(String metadata, long committed) {
        return switch (OffsetMap.decode(metadata, committed)) {
            case OffsetMap.Reading.None _ -> new CommitNote(Kind.NONE, committed, EMPTY);
            case OffsetMap.Reading.Known(OffsetMap map) -> new CommitNote(Kind.MAP, committed, map);
            case OffsetMap.Reading.Misplaced _,
                    OffsetMap.Reading.Foreign _,
                    OffsetMap.Reading.Mangled _ ->
                    new CommitNote(Kind.FOREIGN, committed, EMPTY);
        };
    }

    /** What it is. */
    public Kind kind() {
        return kind;
    }

    /**
     * Whether an event is finished.
     *
     * @param offset its offset
     * @return true below the committed offset, and beyond it where the note says so
     */
    public boolean finished(long offset) {
        return offset < committed || (kind == Kind.MAP && map.finished(offset));
    }

    /**
     * Offsets at or beyond the committed one that are finished.
     *
     * @return how many
     */
    public long finishedBeyond() {
        long finished = 0;
        for (int run = 0; run < map.runs(); run++) {
            finished += map.end(run) - map.start(run);
        }
        return finished;
    }
}
