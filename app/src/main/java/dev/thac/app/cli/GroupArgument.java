package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.terminal.Terminal;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * The group a command is about: its name, or the file of the pipeline that reads with it.
 *
 * @param group its name
 * @param pipeline the pipeline, where a file was given
 */
record GroupArgument(String group, Optional<PipelineArgument> pipeline) {

    /**
     * What was typed.
     *
     * @param terminal the working folder
     * @param text a pipeline file or the name of a group
     * @return the group
     */
    static GroupArgument of(Terminal terminal, String text) {
        if (!Files.exists(terminal.resolve(text)) && !text.endsWith(".yaml")) {
            return new GroupArgument(text, Optional.empty());
        }
        PipelineArgument pipeline = PipelineArgument.of(terminal, text);
        return new GroupArgument(
                pipeline.spec().orElseThrow().source().group(), Optional.of(pipeline));
    }

    /** Where its brokers are. */
    KafkaAccess access(Terminal terminal, BrokerOptions brokers) {
        return pipeline.isPresent()
                ? pipeline.get().access(terminal, brokers)
                : brokers.access(terminal);
    }

    /** The source topics, where a file was given. */
    List<String> topics() {
        return pipeline.flatMap(PipelineArgument::spec)
                .map(PipelineTopics::of)
                .map(PipelineTopics::sources)
                .orElse(List.of());
    }
}
