package dev.thac.kafka;

import org.apache.kafka.common.TopicPartition;

/** A recovery that takes its time, and must be waited for. */
final class SimulatedRecovery implements Recovery {

    private final SimulatedProcess process;
    private final FakeBrokers brokers;

    SimulatedRecovery(SimulatedProcess process, FakeBrokers brokers) {
        this.process = process;
        this.brokers = brokers;
    }

    @Override
    public void begin(Unfinished unfinished, Runnable ready) {
        TopicPartition partition = new TopicPartition(unfinished.topic(), unfinished.partition());
        brokers.audit.recovering(process, unfinished);
        Runnable known =
                () -> {
                    brokers.audit.ready(process, partition);
                    ready.run();
                    process.wake();
                };
        if (brokers.agenda.chance(0.5)) {
            known.run();
        } else {
            brokers.agenda.after(brokers.agenda.between(0, 3 * Agenda.SECOND), known);
        }
    }

    @Override
    public void end(String topic, int partition) {}
}
