package dev.thac.sink;

import dev.thac.spec.DataSize;
import dev.thac.spec.Key;

/** Append JSON lines to files. The keys are described by their {@link Key} annotations. */
public record FileSinkSpec(
        @Key(
                        "A folder, created when missing. Its files are named"
                                + " <topic>-<partition>-<first offset>.jsonl.")
                String path,
        @Key(value = "A new file begins when one has this size.", orElse = "128MiB")
                DataSize roll) {}
