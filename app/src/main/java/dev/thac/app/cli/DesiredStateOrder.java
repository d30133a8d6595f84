package dev.thac.app.cli;

import dev.thac.app.control.CompactedTopic;
import dev.thac.app.control.DesiredState;
import dev.thac.app.control.StatusReports;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

import java.util.Map;

/** Writes into {@code thac.control} whether a pipeline is to run. */
record DesiredStateOrder(Terminal terminal, BrokerOptions brokers) {

    /** Writes it, and says who will hear it. */
    int give(String pipeline, boolean paused) throws InterruptedException {
        PipelineArgument argument = PipelineArgument.of(terminal, pipeline);
        KafkaAccess access = argument.access(terminal, brokers);
        try (Admin admin = access.admin();
                Producer<byte[], byte[]> producer = access.producer(Map.of())) {
            CompactedTopic.CONTROL.create(access, admin);
            CompactedTopic.CONTROL.write(
                    producer, argument.name(), DesiredState.tree(paused, by(terminal)));
        }
        long instances = StatusReports.read(access).instances(argument.name());
        terminal.out()
                .println(
                        "pipeline "
                                + argument.name()
                                + (paused ? " is to pause" : " is to run")
                                + ": "
                                + Words.count(instances, "instance")
                                + " will hear it");
        if (instances == 0) {
            terminal.err()
                    .println(
                            "none reports now; one that is started later finds the order, if the"
                                    + " name is right");
        }
        return ExitCode.OK.number();
    }

    /** Who orders. */
    static String by(Terminal terminal) {
        return terminal.environment().getOrDefault("USER", "thac");
    }
}
