package dev.thac.app.control;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code thac.control} says of a pipeline: whether it is to run. */
public final class DesiredState {

    private DesiredState() {}

    /**
     * Whether a pipeline is to be paused.
     *
     * @param control the latest entries of {@code thac.control}
     * @param pipeline its name
     * @return false where nothing is said
     */
    public static boolean paused(Map<String, Map<?, ?>> control, String pipeline) {
        Map<?, ?> entry = control.get(pipeline);
        return entry != null && "paused".equals(entry.get("state"));
    }

    /**
     * The entry that says so; its key is the pipeline's name.
     *
     * @param paused whether the pipeline is to be paused
     * @param by who says it
     * @return the value
     */
    public static Map<String, Object> tree(boolean paused, String by) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("state", paused ? "paused" : "running");
        tree.put("by", by);
        tree.put("at", Instant.now().toString());
        return tree;
    }
}
