package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every output of a topic is what it should be.
 *
 * @param topic the output topic
 * @param rule says what is wrong with a value, if anything; null values are always wrong
 */
public record ValidOutputs(String topic, Rule rule) implements Guarantee {

    /** What makes a value valid. */
    public interface Rule {

        /** What is wrong with the value; empty when it is fine. */
        Optional<String> problem(byte[] value);
    }

    @Override
    public String promise() {
        return "every output in " + topic + " is valid";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        List<String> invalid = new ArrayList<>();
        List<Evidence.Output> outputs = evidence.outputs().getOrDefault(topic, List.of());
        for (Evidence.Output output : outputs) {
            Optional<String> problem =
                    output.value().isEmpty()
                            ? Optional.of("null")
                            : rule.problem(output.value().get().bytes());
            problem.ifPresent(what -> invalid.add(output.at() + ": " + what));
        }
        return invalid.isEmpty()
                ? List.of()
                : List.of(Guarantee.listing(outputs.size(), "outputs are invalid", invalid));
    }
}
