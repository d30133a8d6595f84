package dev.thac.bench;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the threads of this process spend their time, by the JDK's own sampler (every 10 ms, Java
 * frames only: collector and compiler threads, and time inside system calls, do not show). Three
 * views: the running thread, the innermost frame of ours, and the innermost frame of all.
 */
final class Profile {

    private static final String OURS = "dev.thac.";

    private final Map<String, Integer> threads = new HashMap<>();
    private final Map<String, Integer> ours = new HashMap<>();
    private final Map<String, Integer> leaves = new HashMap<>();
    private int samples;

    /** What is sampled. */
    interface Body {
        /** Runs it. */
        void run() throws InterruptedException;
    }

    /** Adds the samples taken while {@code body} runs. */
    void during(Body body) throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench-", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.start();
            body.run();
            recording.stop();
            recording.dump(file);
        }
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample")
                        && event.getStackTrace() != null) {
                    add(event);
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Name of the view to share of all samples, for the {@code top} largest entries each. */
    Map<String, List<String>> views(int top) {
        Map<String, List<String>> views = new TreeMap<>();
        views.put("threads", largest(threads, top));
        views.put("innermost frame of ours", largest(ours, top));
        views.put("innermost frame", largest(leaves, top));
        return views;
    }

    private void add(RecordedEvent event) {
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        if (frames.isEmpty()) {
            return;
        }
        samples++;
        RecordedThread thread = event.getThread("sampledThread");
        threads.merge(threadName(thread), 1, Integer::sum);
        leaves.merge(name(frames.getFirst()), 1, Integer::sum);
        String nearest = "(none of ours)";
        for (RecordedFrame frame : frames) {
            String name = name(frame);
            if (name.startsWith(OURS)) {
                nearest = name;
                break;
            }
        }
        ours.merge(nearest, 1, Integer::sum);
    }

    private static String threadName(RecordedThread thread) {
        if (thread == null) {
            return "(gone)";
        }
        if (thread.isVirtual()) {
            return "(virtual)";
        }
        String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
        return name.replaceAll("\\d+", "N");
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + '.' + frame.getMethod().getName();
    }

    private List<String> largest(Map<String, Integer> counts, int top) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(top)
                .map(entry -> "%5.1f %%  %s".formatted(percent(entry.getValue()), entry.getKey()))
                .toList();
    }

    private double percent(int count) {
        return 100.0 * count / samples;
    }
}
