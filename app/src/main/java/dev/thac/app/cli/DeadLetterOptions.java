package dev.thac.app.cli;

import dev.thac.app.deadletter.Selection;
import dev.thac.app.terminal.Times;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options that choose dead letters. */
final class DeadLetterOptions {

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "The dead-letter topic. Default: of the file, else PIPELINE.dlq.")
    private @Nullable String topic;

    @Option(names = "--reason", paramLabel = "R", description = "With this reason; repeatable.")
    private List<String> reasons = new ArrayList<>();

    @Option(names = "--stage", paramLabel = "S", description = "From this stage; repeatable.")
    private List<String> stages = new ArrayList<>();

    @Option(names = "--key", paramLabel = "KEY", description = "With this key; repeatable.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Failed then or later: 2026-11-01T08:00:00Z, or 2h for two hours ago.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Failed before then.")
    private @Nullable String until;

    /** The dead-letter topic of a pipeline. */
    String topic(PipelineArgument pipeline) {
        return topic == null ? pipeline.deadLetters() : topic;
    }

    /** The dead letters meant. */
    Selection selection(PipelineArgument pipeline, List<String> ids) {
        return new Selection(
                Optional.of(pipeline.name()),
                reasons,
                stages,
                ids,
                keys,
                Optional.ofNullable(since).map(text -> Times.parse("--since", text)),
                Optional.ofNullable(until).map(text -> Times.parse("--until", text)));
    }
}
