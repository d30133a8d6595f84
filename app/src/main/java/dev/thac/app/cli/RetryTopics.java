package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.Durations;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The retry topics of a pipeline, as the brokers have them. */
record RetryTopics(KafkaAccess access, Admin admin) {

    /** All of them and how long a record waits there, the shortest wait first. */
    Map<Duration, String> of(String pipeline) throws InterruptedException {
        String prefix = pipeline + ".retry.";
        Map<Duration, String> topics = new TreeMap<>();
        for (String topic : access.await(admin.listTopics().names())) {
            String delay = topic.startsWith(prefix) ? topic.substring(prefix.length()) : "";
            if (delay.matches("\\d+(ms|s|m|h)")) {
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
        boolean declared =
                pipeline.spec()
                        .map(spec -> !spec.failures().retry().later().isEmpty())
                        .orElse(true);
        List<String> topics = List.copyOf(of(pipeline.name()).values());
        if (!declared || topics.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "pipeline " + pipeline.name() + " has no retry topic to send dead letters to",
                    "write `failures: { retry: { later: [1m] } }` into its file, create the topic"
                            + " with `thac topics create FILE`, and start the pipeline again;"
                            + " then redrive");
        }
        return topics.getFirst();
    }
}
