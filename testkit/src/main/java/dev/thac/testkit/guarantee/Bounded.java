package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Figures that were sampled during the run stay inside their caps: open events, held bytes, heap.
 *
 * @param caps the largest value allowed, by the name of the figure
 */
public record Bounded(Map<String, Long> caps) implements Guarantee {

    /** Copies the caps. */
    public Bounded {
        caps = Map.copyOf(caps);
    }

    @Override
    public String promise() {
        return "bounded: " + caps + " at most";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        for (Map.Entry<String, Long> cap : caps.entrySet()) {
            List<Long> values =
                    evidence.samples().stream()
                            .filter(sample -> sample.figures().containsKey(cap.getKey()))
                            .map(sample -> sample.figures().get(cap.getKey()))
                            .toList();
            if (values.isEmpty()) {
                violations.add(cap.getKey() + " was never sampled");
            } else if (Collections.max(values) > cap.getValue()) {
                long over = values.stream().filter(value -> value > cap.getValue()).count();
                violations.add(
                        cap.getKey()
                                + " reached "
                                + Collections.max(values)
                                + ", "
                                + over
                                + " of "
                                + values.size()
                                + " samples were over "
                                + cap.getValue());
            }
        }
        return violations;
    }
}
