package dev.thac.bench;

import dev.thac.runtime.PipelineStatus;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A pipeline in a small heap of its own; a main class for {@link ChildProcess}. */
public final class BacklogProcess {

    /**
     * What is reported once a second.
     *
     * @param settled events done
     * @param open events read and not done
     * @param liveBytes what the last collections left on the heap
     * @param peakBytes the most that was ever on the heap, garbage included
     */
    record Progress(long settled, long open, long liveBytes, long peakBytes) {

        static Progress parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Progress(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }

        String line() {
            return settled + " " + open + " " + liveBytes + " " + peakBytes;
        }
    }

    private BacklogProcess() {}

    /**
     * Runs the pipeline until standard input ends and reports to a file, one line a second.
     *
     * @param args brokers, input, output, simulator, batch, calls in flight, open events, the file
     * @throws IOException when the file cannot be written
     * @throws InterruptedException when interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Job job = new Job(args[0], args[1], args[2], args[2], Integer.MAX_VALUE);
        ThacRow row =
                ThacRow.start(
                        "model.yaml",
                        job,
                        Map.of(
                                "URL", args[3],
                                "BATCH", args[4],
                                "WAIT", "100ms",
                                "IN-FLIGHT", args[5],
                                "TIMEOUT", "10m",
                                "OPEN", args[6],
                                "DELIVERY", "exactly-once"));
        Path file = Path.of(args[7]);
        Thread reporter =
                Thread.ofPlatform().daemon().name("progress").start(() -> report(row, file));
        try {
            ChildProcess.serve("none");
        } finally {
            reporter.interrupt();
        }
        // No drain: answers take longer than anybody waits, and what is open stays uncommitted.
        Runtime.getRuntime().halt(0);
    }

    private static void report(ThacRow row, Path file) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                PipelineStatus status = row.status();
                Progress progress =
                        new Progress(status.settled(), status.inFlight(), live(), peak());
                Files.writeString(
                        file,
                        progress.line() + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                Thread.sleep(1000);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("cannot report to " + file, e);
        }
    }

    private static long live() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                sum += pool.getCollectionUsage().getUsed();
            }
        }
        return sum;
    }

    private static long peak() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                sum += pool.getPeakUsage().getUsed();
            }
        }
        return sum;
    }
}
