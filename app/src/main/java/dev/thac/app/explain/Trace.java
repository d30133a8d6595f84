package dev.thac.app.explain;

import dev.thac.app.kafka.RecordHeaders;
import dev.thac.event.Money;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record that a pipeline wrote for an event.
 *
 * @param kind what it is
 * @param record the record
 * @param waits in a retry topic: how long a record waits there; empty elsewhere
 * @param read in a retry topic: whether the pipeline is done with it
 */
public record Trace(
        Kind kind, ConsumerRecord<byte[], byte[]> record, Optional<Duration> waits, boolean read) {

    private static final Pattern DECISION =
            Pattern.compile("thac\\.(.+)\\.(tier|model|confidence|reason)");

    /** What a record is to its event. */
    public enum Kind {
        /** Written by a route. */
        OUTPUT("output"),
        /** Waiting for another try. */
        RETRY("retry"),
        /** Given up. */
        DEAD_LETTER("dead letter");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** For people. */
    public List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%-12s %s-%d@%d  %s%s"
                        .formatted(
                                kind.words,
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                Instant.ofEpochMilli(record.timestamp()),
                                header("thac.replay").map(id -> "  replay " + id).orElse("")));
        header("thac.reason")
                .ifPresent(
                        reason ->
                                lines.add(
                                        "  " + reason + " at " + header("thac.stage").orElse("?")));
        header("thac.message").ifPresent(message -> lines.add("  " + message));
        decisions().forEach((analysis, words) -> lines.add("  " + analysis + ": " + line(words)));
        String sums = sums();
        if (!sums.isEmpty()) {
            lines.add("  " + sums);
        }
        waits.ifPresent(delay -> lines.add("  " + waiting(delay)));
        return lines;
    }

    /** For programs. */
    public Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("kind", kind.words);
        tree.put("topic", record.topic());
        tree.put("partition", record.partition());
        tree.put("offset", record.offset());
        tree.put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
        tree.put("decisions", decisions());
        waits.ifPresent(
                delay -> {
                    tree.put("due", due(delay).toString());
                    tree.put("read", read);
                });
        tree.put("headers", RecordHeaders.all(record));
        return tree;
    }

    private String waiting(Duration delay) {
        if (read) {
            return "was read again after " + due(delay);
        }
        return Instant.now().isBefore(due(delay))
                ? "waits here until " + due(delay)
                : "is due since " + due(delay) + " and not finished";
    }

    private Instant due(Duration delay) {
        return Instant.ofEpochMilli(record.timestamp()).plus(delay);
    }

    private Map<String, Map<String, String>> decisions() {
        Map<String, Map<String, String>> decisions = new TreeMap<>();
        RecordHeaders.all(record)
                .forEach(
                        (name, value) -> {
                            Matcher matcher = DECISION.matcher(name);
                            if (matcher.matches()) {
                                decisions
                                        .computeIfAbsent(matcher.group(1), _ -> new TreeMap<>())
                                        .put(matcher.group(2), value);
                            }
                        });
        return decisions;
    }

    private static String line(Map<String, String> words) {
        List<String> parts = new ArrayList<>();
        for (String name : List.of("tier", "model", "confidence")) {
            if (words.containsKey(name)) {
                parts.add(name + " " + words.get(name));
            }
        }
        if (words.containsKey("reason")) {
            parts.add("because " + words.get("reason"));
        }
        return String.join(", ", parts);
    }

    private String sums() {
        List<String> parts = new ArrayList<>();
        long nanos = RecordHeaders.number(record, "thac.cost.nanos");
        if (nanos > 0) {
            parts.add(new Money(nanos).toString());
        }
        for (String name : List.of("tokens", "attempts", "retries", "redrives")) {
            long number = RecordHeaders.number(record, "thac." + name);
            if (number > 0) {
                parts.add(name + " " + number);
            }
        }
        header("thac.first-failure").ifPresent(time -> parts.add("failed first at " + time));
        header("thac.prompt").ifPresent(prompt -> parts.add("prompt " + prompt));
        return String.join(", ", parts);
    }

    private Optional<String> header(String name) {
        return RecordHeaders.text(record, name);
    }
}
