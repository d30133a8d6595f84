package dev.thac.kafka;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The coordinator of one consumer group. A partition goes to its new member when the old one has
 * released it, or was expelled. Whoever is a member may commit any partition: that nobody commits
 * what it does not hold is for the lanes to see to.
 */
final class FakeGroup {

    static final long SESSION = 10 * Agenda.SECOND;

    private final Agenda agenda;
    private final List<TopicPartition> partitions;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<TopicPartition, Member> targets = new LinkedHashMap<>();
    private final Map<TopicPartition, Member> owners = new LinkedHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Map<TopicPartition, Integer> pending = new HashMap<>();
    private int joined;

    /** One consumer, from its joining to its leaving. */
    static final class Member {
        final String id;
        int epoch = 1;

        private Member(String id) {
            this.id = id;
        }

        @SuppressWarnings("removal") // there is no other way to make one
        ConsumerGroupMetadata metadata() {
            return new ConsumerGroupMetadata(
                    SimulationPlan.GROUP, epoch, id, java.util.Optional.empty());
        }
    }

    FakeGroup(Agenda agenda, List<TopicPartition> partitions) {
        this.agenda = agenda;
        this.partitions = partitions;
    }

    Member join() {
        Member member = new Member("m" + ++joined);
        members.put(member.id, member);
        balance();
        return member;
    }

    boolean knows(Member member) {
        return members.containsKey(member.id);
    }

    /** A member leaves, or is thought dead. */
    void remove(Member member) {
        if (members.remove(member.id) != null) {
            agenda.say(() -> "group: " + member.id + " is out");
            owners.values().removeIf(owner -> owner == member);
            balance();
        }
    }

    /** Gives every partition to somebody, whatever was before. */
    void shuffle() {
        List<Member> all = new ArrayList<>(members.values());
        if (!all.isEmpty()) {
            for (TopicPartition partition : partitions) {
                targets.put(partition, all.get(agenda.pick(all.size())));
            }
            moved();
        }
    }

    private void balance() {
        targets.values().removeIf(member -> !knows(member));
        List<Member> all = new ArrayList<>(members.values());
        if (all.isEmpty()) {
            return;
        }
        int share = (partitions.size() + all.size() - 1) / all.size();
        for (TopicPartition partition : partitions) {
            Member target = targets.get(partition);
            if (target == null || load(target) > share) {
                Member least = all.getFirst();
                for (Member member : all) {
                    least = load(member) < load(least) ? member : least;
                }
                targets.put(partition, least);
            }
        }
        moved();
    }

    private void moved() {
        members.values().forEach(member -> member.epoch++);
        agenda.say(
                () -> {
                    StringBuilder text = new StringBuilder("group: targets");
                    targets.forEach((p, m) -> text.append(' ').append(p).append("->").append(m.id));
                    return text.toString();
                });
    }

    private int load(Member member) {
        int load = 0;
        for (Member target : targets.values()) {
            load += target == member ? 1 : 0;
        }
        return load;
    }

    /** The partitions a member shall have. */
    Set<TopicPartition> targets(Member member) {
        Set<TopicPartition> wanted = new LinkedHashSet<>();
        targets.forEach(
                (partition, target) -> {
                    if (target == member) {
                        wanted.add(partition);
                    }
                });
        return wanted;
    }

    /** Whether nobody else holds the partition. */
    boolean free(TopicPartition partition) {
        return !owners.containsKey(partition);
    }

    boolean holds(Member member, TopicPartition partition) {
        return owners.get(partition) == member;
    }

    void acquire(Member member, Collection<TopicPartition> taken) {
        taken.forEach(partition -> owners.put(partition, member));
    }

    void release(Member member, Collection<TopicPartition> released) {
        released.forEach(partition -> owners.remove(partition, member));
    }

    /** Whether a commit with this metadata is taken. */
    boolean accepts(ConsumerGroupMetadata metadata) {
        return members.containsKey(metadata.memberId());
    }

    @Nullable OffsetAndMetadata committed(TopicPartition partition) {
        return committed.get(partition);
    }

    void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        committed.putAll(offsets);
    }

    /** Whether no open transaction may still change the partition's commit. */
    boolean stable(TopicPartition partition) {
        return !pending.containsKey(partition);
    }

    /** A transaction wants to commit these partitions. */
    void hold(Collection<TopicPartition> held) {
        held.forEach(partition -> pending.merge(partition, 1, Integer::sum));
    }

    /** It has ended. */
    void unhold(Collection<TopicPartition> held) {
        held.forEach(
                partition -> pending.computeIfPresent(partition, (_, n) -> n > 1 ? n - 1 : null));
    }
}
