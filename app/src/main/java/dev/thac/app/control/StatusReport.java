package dev.thac.app.control;

import dev.thac.app.http.StatusTree;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.PipelineStatus;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;

/** Writes what this process does to {@code thac.status}. Used by one thread. */
final class StatusReport {

    private static final Logger LOGGER = LoggerFactory.getLogger(StatusReport.class);

    private final Producer<byte[], byte[]> producer;
    private final String instance;
    private final Set<String> written = new TreeSet<>();

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
