package dev.thac.kafka;

import org.apache.kafka.common.TopicPartition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that lies beyond the clients of a simulated run, and how well it works. */
final class FakeBrokers {

    final Agenda agenda;
    final SimulationPlan plan;
    final DeliveryAudit audit;
    final FakeGroup group;
    final FakeTransactions transactions;
    final Map<TopicPartition, FakeLog> logs = new LinkedHashMap<>();
    private boolean calm;
    private long skew;

    FakeBrokers(Agenda agenda, SimulationPlan plan) {
        this.agenda = agenda;
        this.plan = plan;
        for (int i = 0; i < plan.partitions(); i++) {
            TopicPartition partition = new TopicPartition(SimulationPlan.TOPIC, i);
            logs.put(partition, new FakeLog(partition));
        }
        this.group = new FakeGroup(agenda, List.copyOf(logs.keySet()));
        this.audit = new DeliveryAudit(agenda, plan, group);
        this.transactions = new FakeTransactions(agenda, group, audit);
    }

    FakeLog log(TopicPartition partition) {
        FakeLog log = logs.get(partition);
        if (log == null) {
            throw new IllegalArgumentException("no partition " + partition);
        }
        return log;
    }

    /** Whether this request fails. */
    boolean trouble() {
        return !calm && agenda.chance(plan.trouble());
    }

    /** How long a request takes. */
    long latency() {
        return agenda.between(200 * Agenda.MICRO, 20 * Agenda.MILLI);
    }

    /** How far the wall clocks are off. */
    long skew() {
        return skew;
    }

    /** Sets the wall clocks. */
    void skew(long nanos) {
        skew = nanos - 1_800 * Agenda.SECOND;
    }

    /** Nothing fails any more. */
    void calm() {
        calm = true;
    }
}
