package dev.thac.runtime;

import dev.thac.cost.PriceBook;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.pipeline.FlowSpec;
import dev.thac.spec.Problems;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A pipeline file and its project file, read and checked without connecting to anything.
 *
 * @param spec the pipeline; empty exactly when there are problems
 * @param project the project file; all defaults where there is none
 * @param file the pipeline file
 * @param problems everything wrong with either file
 */
public record Loaded(
        Optional<PipelineSpec> spec, ProjectSpec project, Path file, Problems problems) {

    /**
     * The pipeline.
     *
     * @return the spec
     * @throws ThacException ({@code bad-spec}) with all problems when there are any
     */
    public PipelineSpec orThrow() {
        return spec.orElseThrow(() -> new ThacException(ErrorCode.BAD_SPEC, problems.render()));
    }

    /**
     * The prices of the project: the bundled ones, under its own {@code prices.json}, which stands
     * beside its {@code thac.yaml}, or beside the pipeline file where there is none.
     *
     * @return the book
     * @throws ThacException ({@code bad-spec}) when its own book is not right
     */
    public PriceBook prices() {
        return PriceBook.of(PipelineFiles.home(file));
    }

    /**
     * The part of the pipeline that needs no Kafka, with the models of the project.
     *
     * @return the flow
     * @throws ThacException ({@code bad-spec}) with all problems when there are any
     */
    public FlowSpec flow() {
        return orThrow().flow(project);
    }
}
