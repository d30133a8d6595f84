package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.Durations;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;
import dev.thac.recover.RetryTopic;
import dev.thac.recover.RetryTopics;
import dev.thac.sink.SinkSettings;

import org.apache.kafka.clients.admin.Admin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds the retry topics of a pipeline, in its file or by their names. */
record RetryTopicSearch(KafkaAccess access, Admin admin) {

    /** Those the brokers have, and how long a record waits there, the shortest wait first. */
    Map<Duration, String> of(String pipeline) throws InterruptedException {
        String prefix = RetryTopics.prefix(pipeline);
        Map<Duration, String> topics = new TreeMap<>();
        for (String topic : names()) {
            String delay = topic.startsWith(prefix) ? topic.substring(prefix.length()) : "";
            if (delay.matches("\\d{1,9}(ms|s|m|h)")) {
                topics.put(Durations.parse(topic, delay), topic);
            }
        }
        return topics;
    }

    /** Where redriven dead letters of sinks go, by the sink's name; those the brokers have. */
    Map<String, String> ofSinks(String pipeline) throws InterruptedException {
        String before = SinkSettings.group(pipeline, "");
        String behind = ".retry";
        Map<String, String> topics = new TreeMap<>();
        for (String topic : names()) {
            if (topic.startsWith(before)
                    && topic.endsWith(behind)
                    && topic.length() > before.length() + behind.length()) {
                topics.put(
                        topic.substring(before.length(), topic.length() - behind.length()), topic);
            }
        }
        return topics;
    }

    /**
     * Where a redrive of what the pipeline itself refused goes.
     *
     * @param pipeline the pipeline
     * @param needed whether there must be one
     * @return the topic; empty where the pipeline has none and none is needed
     * @throws UserError when the pipeline has none and needs one, or the topic is missing
     */
    Optional<String> first(PipelineArgument pipeline, boolean needed) throws InterruptedException {
        List<String> topics =
                pipeline.spec().isPresent()
                        ? pipeline.spec().get().retryTopics().levels().stream()
                                .map(RetryTopic::name)
                                .toList()
                        : List.copyOf(of(pipeline.name()).values());
        if (topics.isEmpty() && !needed) {
            return Optional.empty();
        }
        if (topics.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "pipeline " + pipeline.name() + " has no retry topic to send dead letters to",
                    "write `failures: { retry: { later: [1m] } }` into its file, create the topic"
                            + " with `thac topics create FILE`, and start the pipeline again;"
                            + " then redrive");
        }
        String first = topics.getFirst();
        if (!names().contains(first)) {
            throw new UserError(
                    ExitCode.FAILED, "there is no topic " + first, "`thac topics create FILE`");
        }
        return Optional.of(first);
    }

    private Set<String> names() throws InterruptedException {
        return access.await(admin.listTopics().names());
    }
}
