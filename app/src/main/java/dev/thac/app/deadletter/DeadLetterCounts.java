package dev.thac.app.deadletter;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dead letters by reason and stage. Used by one thread. */
public final class DeadLetterCounts {

    private static final int SAMPLE_CHARS = 160;

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long total;

    /** Those of one reason and stage. Used by one thread. */
    public static final class Group {
        private final String reason;
        private final String stage;
        private long count;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private String example = "";
        private String message = "";

        private Group(String reason, String stage) {
            this.reason = reason;
            this.stage = stage;
        }

        private void add(DeadLetter letter) {
            count++;
            Instant time = letter.failedAt();
            if (time.isBefore(first)) {
                first = time;
            }
            if (!time.isBefore(last)) {
                last = time;
                example = letter.source().orElse(letter.place()).toString();
                String whole = letter.message().replace('\n', ' ');
                message =
                        whole.length() <= SAMPLE_CHARS
                                ? whole
                                : whole.substring(0, SAMPLE_CHARS) + " ...";
            }
        }

        /** How many. */
        public long count() {
            return count;
        }

        /** For programs. */
        public Map<String, @Nullable Object> tree() {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("reason", reason);
            tree.put("stage", stage);
            tree.put("count", count);
            tree.put("first", first.toString());
            tree.put("last", last.toString());
            tree.put("example", example);
            tree.put("message", message);
            return tree;
        }

        /** For people. */
        public List<String> text() {
            return List.of(
                    "%,9d  %s at %s".formatted(count, reason, stage),
                    "           from " + first + " to " + last,
                    "           " + example + "  " + message);
        }
    }

    /**
     * Counts one.
     *
     * @param letter the dead letter
     */
    public void add(DeadLetter letter) {
        total++;
        groups.computeIfAbsent(
                        letter.reason() + ' ' + letter.stage(),
                        _ -> new Group(letter.reason(), letter.stage()))
                .add(letter);
    }

    /** How many in all. */
    public long total() {
        return total;
    }

    /** The groups, the largest first. */
    public List<Group> groups() {
        List<Group> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparingLong(Group::count).reversed());
        return sorted;
    }
}
