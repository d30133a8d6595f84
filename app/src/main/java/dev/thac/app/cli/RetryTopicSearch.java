package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.Durations;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;
import dev.thac.recover.RetryTopic;
import dev.thac.recover.RetryTopics;

import org.apache.kafka.clients.admin.Admin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /**
     * Where a redrive goes.
     *
     * @throws UserError when the pipeline has none, or the topic is missing
     */
    String first(PipelineArgument pipeline) throws InterruptedException {
        List<String> topics =
                pipeline.spec().isPresent()
                        ? pipeline.spec().get().retryTopics().levels().stream()
                                .map(RetryTopic::name)
                                .toList()
                        : List.copyOf(of(pipeline.name()).values());
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
        return first;
    }

    private Set<String> names() throws InterruptedException {
        return access.await(admin.listTopics().names());
    }
}
