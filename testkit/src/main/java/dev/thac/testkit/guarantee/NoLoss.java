package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Every input left a trace in some output topic.
 *
 * @param silent inputs that rightly leave none, such as filtered ones, by coordinates
 */
public record NoLoss(Predicate<String> silent) implements Guarantee {

    /** For pipelines that neither filter nor sample. */
    public NoLoss() {
        this(_ -> false);
    }

    @Override
    public String promise() {
        return "nothing is lost";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        Set<String> named = evidence.named();
        List<String> lost = new ArrayList<>();
        for (String id : evidence.inputIds()) {
            if (!named.contains(id) && !silent.test(id)) {
                lost.add(id);
            }
        }
        return lost.isEmpty()
                ? List.of()
                : List.of(
                        Guarantee.listing(evidence.inputs().size(), "inputs have no output", lost));
    }
}
