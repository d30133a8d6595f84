package dev.thac.app.control;

import dev.thac.app.kafka.KafkaAccess;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What instances last said in {@code thac.status}.
 *
 * @param all one status each; with {@code silentSeconds} where the instance has fallen silent
 * @param forgotten instances left out because they fell silent long ago
 */
public record StatusReports(List<Map<?, ?>> all, int forgotten) {

    private static final Duration SILENT = Duration.ofSeconds(15);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    /** Copies the list. */
    public StatusReports {
        all = List.copyOf(all);
    }

    /**
     * Reads them.
     *
     * @param access the brokers
     * @return the reports
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static StatusReports read(KafkaAccess access) throws InterruptedException {
        Instant now = Instant.now();
        List<Map<?, ?>> all = new ArrayList<>();
        int forgotten = 0;
        for (Map<?, ?> report : CompactedTopic.STATUS.latest(access).values()) {
            if (report.get("pipeline") == null) {
                continue; // what a run holds of budgets
            }
            Duration silent = Duration.between(at(report), now);
            if (silent.compareTo(FORGOTTEN) > 0) {
                forgotten++;
            } else if (silent.compareTo(SILENT) > 0) {
                Map<Object, Object> tree = new LinkedHashMap<>(report);
                tree.put("silentSeconds", silent.toSeconds());
                all.add(tree);
            } else {
                all.add(report);
            }
        }
        return new StatusReports(all, forgotten);
    }

    /**
     * Those of one pipeline, its replays included.
     *
     * @param pipeline its name
     * @return the reports
     */
    public List<Map<?, ?>> of(String pipeline) {
        return all.stream().filter(each -> pipeline.equals(each.get("pipeline"))).toList();
    }

    /**
     * How many instances of a pipeline are heard of, replays not counted.
     *
     * @param pipeline its name
     * @return a count
     */
    public long instances(String pipeline) {
        return of(pipeline).stream()
                .filter(each -> each.get("replay") == null && each.get("silentSeconds") == null)
                .count();
    }

    /**
     * Where a pipeline reads and writes, as its instances say.
     *
     * @param pipeline its name
     * @return its places; empty where no instance reports
     */
    public Optional<PipelinePlaces> places(String pipeline) {
        return of(pipeline).stream()
                .filter(each -> each.get("replay") == null)
                .flatMap(each -> PipelinePlaces.of(each).stream())
                .findFirst();
    }

    private static Instant at(Map<?, ?> report) {
        try {
            return Instant.parse(String.valueOf(report.get("at")));
        } catch (DateTimeException _) {
            return Instant.EPOCH; // no report of ours
        }
    }
}
