package dev.thac.bench;

import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The benchmarks' pipeline files: resources with {@code @NAMES@} to be filled in. */
final class PipelineFile {

    private PipelineFile() {}

    /**
     * Reads one as {@code thac run} would, with {@code NAME.project.yaml} as its project file where
     * there is one.
     *
     * @param resource its name, beside this class
     * @param names what stands between the at signs, and what to put there
     */
    static Loaded load(String resource, Map<String, String> names) throws IOException {
        String text =
                text(resource, names).orElseThrow(() -> new IOException("no resource " + resource));
        Optional<String> project = text(resource.replace(".yaml", ".project.yaml"), names);
        Path folder = Files.createTempDirectory("bench-");
        Path file = Files.writeString(folder.resolve(resource), text);
        Path beside = folder.resolve(PipelineFiles.PROJECT_FILE);
        try {
            if (project.isPresent()) {
                Files.writeString(beside, project.get());
            }
            Loaded loaded = PipelineFiles.load(file);
            if (!loaded.problems().isEmpty()) {
                throw new IOException(loaded.problems().render());
            }
            return loaded;
        } finally {
            Files.deleteIfExists(beside);
            Files.delete(file);
            Files.delete(folder);
        }
    }

    private static Optional<String> text(String resource, Map<String, String> names)
            throws IOException {
        String text;
        try (InputStream in = PipelineFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace('@' + name.getKey() + '@', name.getValue());
        }
        return Optional.of(text);
    }
}
