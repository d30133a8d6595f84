package dev.thac.bench;

import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The benchmarks' pipeline files: resources with {@code @NAMES@} to be filled in. */
final class PipelineFile {

    private PipelineFile() {}

    /**
     * Reads one as {@code thac run} would.
     *
     * @param resource its name, beside this class
     * @param names what stands between the at signs, and what to put there
     */
    static Loaded load(String resource, Map<String, String> names) throws IOException {
        String text;
        try (InputStream in = PipelineFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace('@' + name.getKey() + '@', name.getValue());
        }
        Path file = Files.createTempFile("bench-", ".yaml");
        try {
            Files.writeString(file, text);
            Loaded loaded = PipelineFiles.load(file);
            if (!loaded.problems().isEmpty()) {
                throw new IOException(loaded.problems().render());
            }
            return loaded;
        } finally {
            Files.delete(file);
        }
    }
}
