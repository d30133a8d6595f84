package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Every input has exactly one terminal outcome: it was routed (to one or more topics, once each),
 * or it was dead-lettered once, or it was dropped on purpose; and every output names an input.
 *
 * @param deadLetter the dead-letter topic; every other output topic is a route
 * @param dropped inputs that were filtered or sampled out, by coordinates
 */
public record AllAccounted(Optional<String> deadLetter, Predicate<String> dropped)
        implements Guarantee {

    /** For pipelines that neither filter nor sample. */
    public AllAccounted(String deadLetter) {
        this(Optional.of(deadLetter), _ -> false);
    }

    @Override
    public String promise() {
        return "every input ends in exactly one terminal outcome";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        Set<String> dead = new HashSet<>();
        Set<String> routed = new HashSet<>();
        for (String topic : evidence.outputs().keySet()) {
            Map<String, Integer> counts = evidence.counts(topic);
            (deadLetter.filter(topic::equals).isPresent() ? dead : routed).addAll(counts.keySet());
        }
        List<String> none = new ArrayList<>();
        List<String> several = new ArrayList<>();
        Set<String> inputs = evidence.inputIds();
        for (String id : inputs) {
            int outcomes =
                    (dead.contains(id) ? 1 : 0)
                            + (routed.contains(id) ? 1 : 0)
                            + (dropped.test(id) ? 1 : 0);
            if (outcomes == 0) {
                none.add(id);
            } else if (outcomes > 1) {
                several.add(id);
            }
        }
        List<String> violations = new ArrayList<>();
        add(violations, inputs.size(), "inputs have no outcome", none);
        add(violations, inputs.size(), "inputs have outcomes that exclude each other", several);
        strangers(evidence, inputs, violations);
        violations.addAll(new ExactlyOnceEffect().violations(evidence));
        return violations;
    }

    private static void strangers(Evidence evidence, Set<String> inputs, List<String> violations) {
        evidence.outputs()
                .forEach(
                        (topic, outputs) -> {
                            List<String> nameless = new ArrayList<>();
                            List<String> foreign = new ArrayList<>();
                            for (Evidence.Output output : outputs) {
                                if (output.source().isEmpty()) {
                                    nameless.add(output.at());
                                } else if (!inputs.contains(output.source().get())) {
                                    foreign.add(output.at() + " names " + output.source().get());
                                }
                            }
                            String where = "outputs in " + topic;
                            add(
                                    violations,
                                    outputs.size(),
                                    where + " have no header " + Evidence.SOURCE,
                                    nameless);
                            add(violations, outputs.size(), where + " name no input", foreign);
                        });
    }

    private static void add(List<String> violations, int all, String what, List<String> ids) {
        if (!ids.isEmpty()) {
            violations.add(Guarantee.listing(all, what, ids));
        }
    }
}
