package dev.thac.app.control;

import dev.thac.app.http.StatusTree;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.runtime.BudgetStatus;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.PipelineStatus;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;

/** Writes what this process does to {@code thac.status}. Used by one thread. */
final class StatusReport {

    /** No name of a pipeline begins like this. */
    private static final String HELD = "~";

    private static final Logger LOGGER = LoggerFactory.getLogger(StatusReport.class);

    private final Producer<byte[], byte[]> producer;
    private final String instance;
    private final Set<String> written = new TreeSet<>();
    private final Map<String, List<Map<String, Object>>> held = new HashMap<>();

    StatusReport(Producer<byte[], byte[]> producer, String instance) {
        this.producer = producer;
        this.instance = instance;
    }

    /** Reports one pipeline. */
    void write(Controlled each) {
        write(each.file().orThrow(), each.runtime().status(), Optional.empty());
    }

    /** Reports a pipeline, or one of its replays. */
    void write(PipelineSpec spec, PipelineStatus status, Optional<ReplayRequest> replay) {
        PipelineTopics topics = PipelineTopics.of(spec);
        Map<String, Object> tree = new LinkedHashMap<>(StatusTree.of(status));
        replay.ifPresent(request -> tree.put("replay", request.id()));
        tree.put("instance", instance);
        tree.put("at", Instant.now().toString());
        tree.put("group", replay.map(ReplayRequest::group).orElse(spec.source().group()));
        tree.put("sources", topics.sources());
        tree.put("written", topics.routes());
        tree.put("deadLetter", topics.deadLetter());
        String key =
                status.pipeline() + replay.map(it -> "|" + it.id()).orElse("") + "|" + instance;
        written.add(key);
        send(key, tree);
        if (!status.budgets().isEmpty()) {
            budgets(status.budgets());
        }
    }

    /**
     * What this run of the process has spent, under a key that no later run overwrites: when this
     * one is killed, {@code thac budget reset} must know.
     */
    private void budgets(List<BudgetStatus> budgets) {
        String key = HELD + budgets.getFirst().holder();
        List<Map<String, Object>> trees = budgets.stream().map(StatusTree::of).toList();
        if (!trees.equals(held.put(key, trees))) {
            written.add(key);
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("at", Instant.now().toString());
            tree.put("budgets", trees);
            send(key, tree);
        }
    }

    /** Takes back one report: what it spoke of has ended. */
    void withdraw(ReplayRequest replay) {
        String key = replay.pipeline() + "|" + replay.id() + "|" + instance;
        if (written.remove(key)) {
            send(key, null);
        }
    }

    /** Takes back all reports: this process ends. */
    void withdraw() {
        written.forEach(key -> send(key, null));
        written.clear();
    }

    private void send(String key, @Nullable Map<String, Object> tree) {
        Future<RecordMetadata> _ =
                producer.send(
                        CompactedTopic.STATUS.record(key, tree),
                        (_, error) -> {
                            if (error != null) {
                                LOGGER.debug("a status report was not written", error);
                            }
                        });
    }
}
