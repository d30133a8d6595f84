package dev.thac.testkit.guarantee;

import java.util.List;

/**
 * No transaction was left open: in every partition a committed reader gets as far as any other (the
 * last stable offset is the high watermark).
 */
public record SettledLogs() implements Guarantee {

    @Override
    public String promise() {
        return "no transaction is left open";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        List<Evidence.End> ends = evidence.brokers().ends();
        if (ends.isEmpty()) {
            return List.of("nobody asked for the ends of the partitions");
        }
        List<String> open =
                ends.stream()
                        .filter(end -> end.stable() < end.high())
                        .map(end -> end.partition() + ": " + end.stable() + " of " + end.high())
                        .toList();
        return open.isEmpty()
                ? List.of()
                : List.of(Guarantee.listing(ends.size(), "partitions are held back", open));
    }
}
