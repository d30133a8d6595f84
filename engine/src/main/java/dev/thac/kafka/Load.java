package dev.thac.kafka;

/**
 * What a lane holds, counted afresh from its trackers so that no counter can drift.
 *
 * @param open events being judged
 * @param held events read and not yet committed
 * @param heldBytes their bytes, inputs and outputs
 */
record Load(int open, int held, long heldBytes) {

    static Load of(Assignment assignment) {
        int open = 0;
        int held = 0;
        long bytes = 0;
        for (PartitionTracker tracker : assignment.trackers()) {
            open += tracker.open();
            held += tracker.held();
            bytes += tracker.heldBytes();
        }
        return new Load(open, held, bytes);
    }
}
