package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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

    /** Spoils the metadata of a commit, as a program might that does not know it. */
    void spoil() {
        List<TopicPartition> all = List.copyOf(logs.keySet());
        TopicPartition partition = all.get(agenda.pick(all.size()));
        OffsetAndMetadata commit = group.committed(partition);
        if (commit == null || commit.metadata().length() < 10 || !WrittenMap.valid(commit)) {
            return;
        }
        String text = commit.metadata();
        int at = 1 + agenda.pick(text.length() - 1);
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        String spoilt =
                switch (agenda.pick(plan.foreign() == ForeignMetadata.IGNORE ? 4 : 3)) {
                    case 0 -> text.substring(0, at);
                    case 1 -> text.substring(0, at) + other + text.substring(at + 1);
                    case 2 -> "";
                    default -> "written by somebody else";
                };
        group.commit(
                Map.of(
                        partition,
                        new OffsetAndMetadata(commit.offset(), commit.leaderEpoch(), spoilt)));
        agenda.say(() -> "metadata of " + partition + " is now '" + spoilt + '\'');
        audit.spoilt(partition);
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
