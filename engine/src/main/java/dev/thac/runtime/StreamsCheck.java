package dev.thac.runtime;

import dev.thac.enrich.EnrichSpec;
import dev.thac.spec.ProblemKind;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Checks how state is kept by Kafka Streams. Stateless. */
final class StreamsCheck {

    private StreamsCheck() {}

    /** Checks one pipeline. */
    static void check(PipelineSpec spec, Findings findings) {
        boolean idle =
                spec.windows().isEmpty()
                        && spec.joins().isEmpty()
                        && spec.context().isEmpty()
                        && spec.enrich().values().stream()
                                .map(EnrichSpec::table)
                                .allMatch(table -> table.isEmpty());
        if (idle
                && findings.written("streams")
                && findings.intact("windows", "joins", "context", "enrich")) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    "streams",
                    "\"streams\" is about windows, joins, context and tables, and there are none",
                    "remove it");
        }
        spec.streams()
                .stateDir()
                .filter(_ -> findings.intact("streams.stateDir"))
                .ifPresent(folder -> folder(folder, findings));
    }

    private static void folder(String folder, Findings findings) {
        String path = "streams.stateDir";
        try {
            if (folder.isBlank()) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path,
                        "\"stateDir\" names no folder",
                        "write for example /var/lib/thac, or leave it out");
            } else if (Files.exists(Path.of(folder)) && !Files.isDirectory(Path.of(folder))) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path,
                        "\"" + folder + "\" is a file, and a folder is needed",
                        "");
            }
        } catch (InvalidPathException _) {
            findings.at(ProblemKind.BAD_VALUE, path, "\"" + folder + "\" is no path", "");
        }
    }
}
