package dev.thac.app.dev;

import dev.thac.runtime.PipelineFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** Notices when a pipeline file or its project file was saved. Used by one thread. */
final class FileWatch {

    private final Path file;
    private List<FileTime> seen;

    FileWatch(Path file) {
        this.file = file;
        this.seen = times();
    }

    /** Whether something was saved since the last call that returned true. */
    boolean changed() {
        List<FileTime> now = times();
        // an editor may replace the file: for a moment it is not there
        if (now.size() < seen.size() || now.equals(seen)) {
            return false;
        }
        seen = now;
        return true;
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        for (Path each :
                List.of(file, file.toAbsolutePath().resolveSibling(PipelineFiles.PROJECT_FILE))) {
            try {
                if (Files.exists(each)) {
                    times.add(Files.getLastModifiedTime(each));
                }
            } catch (IOException _) {
                // gone between the two looks; the next call sees what came of it
            }
        }
        return times;
    }
}
