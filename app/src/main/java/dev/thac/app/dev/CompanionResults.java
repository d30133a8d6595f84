package dev.thac.app.dev;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.terminal.Json;
import dev.thac.kafka.Topics;
import dev.thac.runtime.CompanionStatus;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.PipelineStatus;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.window.WindowSpec;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What windows and sinks of a pipeline have done, and whether they still have something to do. Used
 * by one thread.
 */
final class CompanionResults {

    private static final Duration QUIET = Duration.ofSeconds(4);
    private static final int SHOWN = 6;

    private Instant busy = Instant.now();

    /**
     * Whether windows and sinks have had nothing to do for a while.
     *
     * @param statuses the pipelines now
     * @param fed whether all events are written
     */
    boolean quiet(List<PipelineStatus> statuses, boolean fed) {
        List<CompanionStatus> all =
                statuses.stream().flatMap(status -> status.companions().stream()).toList();
        boolean idle = all.stream().allMatch(each -> each.lagRecords() == 0);
        Instant now = Instant.now();
        if (!fed || !idle) {
            busy = now;
        }
        return all.isEmpty() || Duration.between(busy, now).compareTo(QUIET) > 0;
    }

    /**
     * The results of windows, from their topics, and what sinks delivered.
     *
     * @param spec the pipeline
     * @param statuses the pipeline now
     * @param brokers where the topics are
     * @return lines
     */
    static List<String> lines(PipelineSpec spec, List<PipelineStatus> statuses, String brokers)
            throws InterruptedException {
        List<String> lines = new ArrayList<>();
        TopicReader reader = TopicReader.readCommitted(brokers);
        try (Topics topics = Topics.open(brokers, Map.of(), "thac-dev-results")) {
            for (Map.Entry<String, WindowSpec> window : spec.windows().entrySet()) {
                String to = window.getValue().to();
                Map<String, String> results = results(reader, topics, to);
                lines.add(row("window " + window.getKey(), results.size()) + "  to " + to);
                results.values().stream().limit(SHOWN).forEach(each -> lines.add("  " + each));
                if (results.size() > SHOWN) {
                    lines.add("  ...");
                }
            }
            for (String late :
                    spec.windows().values().stream()
                            .flatMap(each -> each.late().stream())
                            .distinct()
                            .toList()) {
                lines.add(row("to " + late, drain(reader, topics, late).size()));
            }
        }
        for (PipelineStatus status : statuses) {
            status.companions().stream()
                    .filter(each -> each.kind().equals("sink"))
                    .forEach(
                            each ->
                                    lines.add(
                                            row(
                                                    "sink " + each.name(),
                                                    each.figures().getOrDefault("written", 0L))));
        }
        return lines;
    }

    /**
     * Dead letters of a pipeline whose events only windows read.
     *
     * @param topic where they are
     * @param brokers where the topic is
     */
    static long deadLetters(String topic, String brokers) throws InterruptedException {
        try (Topics topics = Topics.open(brokers, Map.of(), "thac-dev-results")) {
            return drain(TopicReader.readCommitted(brokers), topics, topic).size();
        }
    }

    /** The last record of each window, by its start and group. */
    private static Map<String, String> results(TopicReader reader, Topics topics, String topic)
            throws InterruptedException {
        Map<String, String> results = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : drain(reader, topics, topic)) {
            String value = new String(record.value(), StandardCharsets.UTF_8);
            if (tree(value) instanceof Map<?, ?> fields
                    && fields.get("window") instanceof Map<?, ?> window) {
                String start = Objects.toString(window.get("start"));
                results.put(start + " " + Objects.toString(fields.get("key")), value);
            }
        }
        return results;
    }

    private static Object tree(String value) {
        try {
            return Objects.requireNonNullElse(Json.read(value), "");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("windows write JSON", e);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> drain(
            TopicReader reader, Topics topics, String topic) throws InterruptedException {
        return topics.missing(List.of(topic)).isEmpty() ? reader.drain(topic) : List.of();
    }

    private static String row(String name, long count) {
        return String.format(Locale.ROOT, "%-26s %,12d", name, count);
    }
}
