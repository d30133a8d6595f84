package dev.thac.testkit.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The group has committed past every input, each partition with metadata.
 *
 * @param metadata what committed metadata must look like
 */
public record CaughtUp(Predicate<String> metadata) implements Guarantee {

    /** Whatever the metadata looks like, there must be some. */
    public CaughtUp() {
        this(text -> !text.isEmpty());
    }

    @Override
    public String promise() {
        return "every input is behind the group's committed offsets, which carry metadata";
    }

    @Override
    public List<String> violations(Evidence evidence) {
        Map<String, Long> last = new HashMap<>();
        for (Evidence.Input input : evidence.inputs()) {
            int at = input.id().lastIndexOf('@');
            last.merge(
                    input.id().substring(0, at),
                    Long.parseLong(input.id().substring(at + 1)),
                    Math::max);
        }
        Set<String> missing = new HashSet<>(last.keySet());
        List<String> wrong = new ArrayList<>();
        for (Evidence.Commit commit : evidence.brokers().commits()) {
            missing.remove(commit.partition());
            long wanted = last.getOrDefault(commit.partition(), -1L) + 1;
            if (commit.offset() < wanted) {
                wrong.add(
                        commit.partition()
                                + " is committed to "
                                + commit.offset()
                                + " of "
                                + wanted);
            } else if (!metadata.test(commit.metadata())) {
                wrong.add(
                        commit.partition()
                                + " is committed with the metadata \""
                                + commit.metadata()
                                + "\"");
            }
        }
        missing.forEach(partition -> wrong.add(partition + " was never committed"));
        return wrong.isEmpty()
                ? List.of()
                : List.of(
                        Guarantee.listing(
                                evidence.brokers().commits().size() + missing.size(),
                                "partitions are not caught up",
                                wrong));
    }
}
