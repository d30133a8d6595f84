package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A committed reader of any output topic sees each input's effect once, and no other effects. */
public record ExactlyOnceEffect() implements Guarantee {

    @Override
    public String promise() {
        return "nothing twice: each output topic holds one record per input at most";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        for (String topic : evidence.outputs().keySet()) {
            Map<String, Integer> counts = evidence.counts(topic);
            List<String> twice = new ArrayList<>();
            counts.forEach(
                    (id, count) -> {
                        if (count > 1) {
                            twice.add(id + " (" + count + " times)");
                        }
                    });
            if (!twice.isEmpty()) {
                violations.add(
                        Guarantee.listing(counts.size(), "inputs are repeated in " + topic, twice));
            }
        }
        return violations;
    }
}
