package dev.thac.app.control;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.event.ThacException;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.Replay;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The replays this process takes part in. Every instance of the pipeline runs each requested one
 * with the replay's own group, so that they share the partitions; the first that sees the group at
 * the end writes that it is done, and all of them stop. Used by one thread.
 */
final class Replays {

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final KafkaAccess access;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final StatusReport report;
    private final ControlLoop.Talk talk;
    private final Map<String, Running> running = new HashMap<>();
    private final Set<String> failed = new HashSet<>();
    private long looked = System.nanoTime();

    private static final class Running {
        private final ReplayRequest request;
        private final Controlled pipeline;
        private final PipelineRuntime runtime;
        private boolean paused;

        Running(ReplayRequest request, Controlled pipeline, PipelineRuntime runtime) {
            this.request = request;
            this.pipeline = pipeline;
            this.runtime = runtime;
        }

        void pause(boolean wanted) {
            if (wanted != paused) {
                paused = wanted;
                if (wanted) {
                    runtime.pause();
                } else {
                    runtime.resume();
                }
            }
        }
    }

    Replays(
            KafkaAccess access,
            Admin admin,
            Producer<byte[], byte[]> producer,
            StatusReport report,
            ControlLoop.Talk talk) {
        this.report = report;
        this.access = access;
        this.admin = admin;
        this.producer = producer;
        this.talk = talk;
    }

    /** Starts and stops what is wanted now. */
    void follow(List<Controlled> pipelines, Map<String, Map<?, ?>> control)
            throws InterruptedException {
        Map<String, ReplayRequest> wanted = new HashMap<>();
        control.forEach(
                (key, value) ->
                        ReplayRequest.of(key, value)
                                .filter(each -> each.state() == ReplayRequest.State.requested)
                                .ifPresent(each -> wanted.put(key, each)));
        for (Controlled pipeline : pipelines) {
            for (ReplayRequest request : wanted.values()) {
                if (request.pipeline().equals(pipeline.runtime().pipeline())
                        && !running.containsKey(request.key())
                        && !failed.contains(request.key())) {
                    start(pipeline, request);
                }
            }
        }
        Set<PipelineRuntime> here = new HashSet<>();
        pipelines.forEach(each -> here.add(each.runtime()));
        for (Running each : List.copyOf(running.values())) {
            if (!wanted.containsKey(each.request.key())
                    || !here.contains(each.pipeline.runtime())) {
                stop(each);
            }
            each.pause(DesiredState.paused(control, each.request.pipeline()));
            each.runtime.budgets(BudgetOrders.of(control));
        }
        if (System.nanoTime() - looked > LOOK.toNanos()) {
            looked = System.nanoTime();
            for (Running each : List.copyOf(running.values())) {
                look(each);
            }
        }
    }

    /** Reports all of them. */
    void report() {
        running.values()
                .forEach(
                        each ->
                                report.write(
                                        each.pipeline.file().orThrow(),
                                        each.runtime.status(),
                                        Optional.of(each.request)));
    }

    /** Stops all of them; what they have done is committed, and they go on at the next start. */
    void stop() throws InterruptedException {
        for (Running each : List.copyOf(running.values())) {
            stop(each);
        }
    }

    private void start(Controlled pipeline, ReplayRequest request) throws InterruptedException {
        try {
            PipelineRuntime runtime =
                    PipelineRuntime.replay(
                            pipeline.file().orThrow(),
                            pipeline.file().project(),
                            pipeline.settings(),
                            pipeline.models(),
                            Ticker.system(),
                            new Replay(request.id(), request.group(), request.ends()));
            running.put(request.key(), new Running(request, pipeline, runtime));
            talk.say("replay " + request.id() + " of pipeline " + request.pipeline() + " runs");
        } catch (ThacException e) {
            failed.add(request.key());
            talk.say("replay " + request.id() + " cannot start: " + e.getMessage());
        }
    }

    private void stop(Running each) throws InterruptedException {
        forget(each);
        try {
            each.runtime.stop();
            talk.say("replay " + each.request.id() + " has ended here");
        } catch (ThacException e) {
            talk.say("replay " + each.request.id() + " ended by an error: " + e.getMessage());
        }
    }

    private void look(Running each) throws InterruptedException {
        try {
            if (each.runtime.awaitStopped(Duration.ZERO)) {
                forget(each);
                return;
            }
        } catch (ThacException e) {
            forget(each);
            failed.add(each.request.key());
            talk.say("replay " + each.request.id() + " ended by an error: " + e.getMessage());
            return;
        }
        if (reached(each.request)) {
            CompactedTopic.CONTROL.write(
                    producer, each.request.key(), each.request.in(ReplayRequest.State.done).tree());
        }
    }

    private void forget(Running each) {
        running.remove(each.request.key());
        report.withdraw(each.request);
    }

    private boolean reached(ReplayRequest request) throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> commits =
                access.await(
                        admin.listConsumerGroupOffsets(request.group())
                                .partitionsToOffsetAndMetadata());
        Map<String, Long> committed = new HashMap<>();
        commits.forEach(
                (place, commit) -> {
                    if (commit != null) {
                        committed.put(place.toString(), commit.offset());
                    }
                });
        return request.ends().entrySet().stream()
                .allMatch(end -> committed.getOrDefault(end.getKey(), -1L) >= end.getValue());
    }
}
