package dev.thac.testkit.guarantee;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which promises were kept.
 *
 * @param evidence what they were held against
 * @param findings one for each promise, in the order they were asked about
 */
public record Report(Evidence evidence, List<Finding> findings) {

    /**
     * One promise.
     *
     * @param promise what was promised
     * @param violations what contradicts it; empty when it was kept
     */
    public record Finding(String promise, List<String> violations) {

        /** Copies the list. */
        public Finding {
            violations = List.copyOf(violations);
        }

        /** Whether nothing contradicts the promise. */
        public boolean kept() {
            return violations.isEmpty();
        }
    }

    /** Copies the list. */
    public Report {
        findings = List.copyOf(findings);
    }

    /** Holds promises against evidence. */
    public static Report of(Evidence evidence, List<? extends Guarantee> guarantees) {
        return new Report(
                evidence,
                guarantees.stream()
                        .map(
                                guarantee ->
                                        new Finding(
                                                guarantee.promise(),
                                                guarantee.violations(evidence)))
                        .toList());
    }

    /** Whether every promise was kept. */
    public boolean kept() {
        return findings.stream().allMatch(Finding::kept);
    }

    /** For people: what was seen, then a line for each promise with what contradicts it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(evidence.inputs().size()).append(" inputs");
        evidence.outputs()
                .forEach(
                        (topic, records) ->
                                text.append(", ")
                                        .append(records.size())
                                        .append(" in ")
                                        .append(topic));
        evidence.brokers()
                .aborted()
                .forEach(
                        (topic, records) ->
                                text.append(", ")
                                        .append(records.size())
                                        .append(" given up in ")
                                        .append(topic));
        text.append(", ").append(evidence.calls().size()).append(" paid calls\n");
        for (Finding finding : findings) {
            text.append(finding.kept() ? "kept    " : "BROKEN  ")
                    .append(finding.promise())
                    .append('\n')
                    .append(
                            finding.violations().stream()
                                    .map(violation -> "          " + violation + '\n')
                                    .collect(Collectors.joining()));
        }
        return text.toString();
    }

    /**
     * Fails if any promise was broken.
     *
     * @throws AssertionError with the whole report
     */
    public void verify() {
        if (!kept()) {
            throw new AssertionError("promises were broken: " + text());
        }
    }
}
