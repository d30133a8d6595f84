package dev.thac.runtime;

import java.util.Map;

/**
 * A part of a pipeline's source that is judged again, beside the pipeline itself. Where it begins
 * are the commits of its group, which were made before; so it goes on after a restart, and several
 * instances share it.
 *
 * @param id tells its outputs from others: header {@code thac.replay}
 * @param group its own consumer group
 * @param ends partition, as topic-partition, to the offset where it ends; a partition that is not
 *     named is left out
 */
public record Replay(String id, String group, Map<String, Long> ends) {

    /** Copies the map. */
    public Replay {
        ends = Map.copyOf(ends);
    }
}
