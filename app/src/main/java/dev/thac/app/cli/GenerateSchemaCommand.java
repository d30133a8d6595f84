package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.trial.TestFileSpec;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.ProjectSpec;
import dev.thac.spec.JsonSchema;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** {@code thac generate schema}. */
@Command(
        name = "schema",
        header = "The JSON Schema of pipeline files, for editors.",
        description =
                "A file names it in its first line: # yaml-language-server: "
                        + "$$schema=thac.schema.json",
        mixinStandardHelpOptions = true)
final class GenerateSchemaCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = "--of",
            paramLabel = "KIND",
            description = "pipeline, project or test (default: ${DEFAULT-VALUE}).")
    private SchemaKind kind = SchemaKind.pipeline;

    /** Which file is described. */
    enum SchemaKind {
        /** A pipeline file. */
        pipeline,
        /** {@code thac.yaml}. */
        project,
        /** A test file. */
        test
    }

    GenerateSchemaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out()
                .println(
                        switch (kind) {
                            case pipeline ->
                                    JsonSchema.of(PipelineSpec.class, "A Thác pipeline file");
                            case project ->
                                    JsonSchema.of(
                                            ProjectSpec.class, "A Thác project file, thac.yaml");
                            case test -> JsonSchema.of(TestFileSpec.class, "A Thác test file");
                        });
        return ExitCode.OK.number();
    }
}
