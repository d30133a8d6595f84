package dev.thac.app.control;

import dev.thac.model.Models;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.RuntimeSettings;

/**
 * A pipeline of this process and what it was started with.
 *
 * @param runtime the running pipeline
 * @param file its file
 * @param settings where and how it runs
 * @param models its models; a replay shares them, and so their limits
 */
public record Controlled(
        PipelineRuntime runtime, Loaded file, RuntimeSettings settings, Models models) {}
