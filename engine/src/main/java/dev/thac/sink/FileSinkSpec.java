package dev.thac.sink;

import dev.thac.spec.DataSize;
import dev.thac.spec.Key;

import java.util.Optional;

/** Append JSON lines to files. The keys are described by their {@link Key} annotations. */
public record FileSinkSpec(
        @Key("The file, or a folder for rolled files.") String path,
        @Key("Start a new file at this size.") Optional<DataSize> roll) {}
