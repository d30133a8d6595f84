package dev.thac.app.cli;

import dev.thac.app.control.PipelinePlaces;
import dev.thac.app.control.StatusReports;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineSpec;

import java.nio.file.Files;
import java.util.Optional;

/**
 * The pipeline a command is about: its file, or its name alone where only the brokers are at hand.
 *
 * @param name the pipeline's name
 * @param file its file, where it was given
 */
record PipelineArgument(String name, Optional<Loaded> file) {

    /**
     * What was typed.
     *
     * @param terminal the working folder
     * @param text a file, a folder with a {@code pipeline.yaml}, or the name of a pipeline
     * @return the pipeline
     */
    static PipelineArgument of(Terminal terminal, String text) {
        boolean path =
                text.contains("/")
                        || text.endsWith(".yaml")
                        || text.endsWith(".yml")
                        || Files.exists(terminal.resolve(text));
        if (!path) {
            return new PipelineArgument(text, Optional.empty());
        }
        Loaded loaded = PipelineFile.load(terminal, text);
        return new PipelineArgument(loaded.orThrow().pipeline(), Optional.of(loaded));
    }

    /** Where its brokers are. */
    KafkaAccess access(Terminal terminal, BrokerOptions brokers) {
        return file.isPresent()
                ? brokers.access(terminal, file.get().project())
                : brokers.access(terminal);
    }

    /** Its declaration, where the file was given. */
    Optional<PipelineSpec> spec() {
        return file.map(Loaded::orThrow);
    }

    /**
     * What it reads, writes and commits with: from the file, else from what its instances report.
     *
     * @throws UserError where no instance reports
     */
    PipelinePlaces places(KafkaAccess access) throws InterruptedException {
        return spec().isPresent()
                ? PipelinePlaces.of(spec().get())
                : StatusReports.read(access)
                        .places(name)
                        .orElseThrow(
                                () ->
                                        new UserError(
                                                ExitCode.FAILED,
                                                "no instance of pipeline " + name + " reports",
                                                "give its file instead of its name"));
    }

    /** Its dead-letter topic; the usual one where only the name is known. */
    String deadLetters() {
        return spec().map(PipelineTopics::of).map(PipelineTopics::deadLetter).orElse(name + ".dlq");
    }
}
