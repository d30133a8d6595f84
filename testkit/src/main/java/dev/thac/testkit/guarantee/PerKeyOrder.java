package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outputs of each key stand in one topic in the order of its inputs. Inputs without a key are
 * not compared. Output partitions must follow the key, as they do by default.
 *
 * @param topic the output topic
 */
public record PerKeyOrder(String topic) implements Guarantee {

    @Override
    public String promise() {
        return "each key's outputs in " + topic + " keep the order of its inputs";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        Map<String, Integer> position = new HashMap<>();
        Map<String, Evidence.Key> keys = new HashMap<>();
        for (Evidence.Input input : evidence.inputs()) {
            position.put(input.id(), position.size());
            input.key().ifPresent(key -> keys.put(input.id(), key));
        }
        Map<Evidence.Key, String> last = new HashMap<>();
        List<String> late = new ArrayList<>();
        List<Evidence.Output> outputs = evidence.outputs().getOrDefault(topic, List.of());
        for (Evidence.Output output : outputs) {
            String id = output.source().orElse("");
            Optional<Evidence.Key> key = Optional.ofNullable(keys.get(id));
            if (key.isEmpty()) {
                continue;
            }
            String before = last.put(key.get(), id);
            if (before != null && position.getOrDefault(before, 0) > position.getOrDefault(id, 0)) {
                late.add(id + " behind " + before + " (key " + key.get() + ")");
            }
        }
        return late.isEmpty()
                ? List.of()
                : List.of(Guarantee.listing(outputs.size(), "outputs come too late", late));
    }
}
