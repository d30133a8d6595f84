package dev.thac.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The place of a lane in its consumer group. It goes with the lane's name, so that a process that
 * was killed and started again takes its own place at once, instead of waiting until the brokers
 * have given up the dead one. In the consumer group protocol of KIP-848 the dead member must be
 * removed first; brokers that cannot do that leave the lane a nameless place and the wait.
 */
final class Membership {

    private Membership() {}

    /**
     * Frees the place of this name of what a crash left in it.
     *
     * @return whether the place may be taken by name
     * @throws KafkaException if the brokers cannot be asked
     */
    static boolean free(LaneSettings lane) {
        String group = lane.source().group();
        try (Admin admin =
                Admin.create(
                        ClientSettings.admin(
                                lane.brokers(), lane.kafka(), "thac-place-" + lane.name()))) {
            return !taken(admin, group, lane.name()) || removed(admin, group, lane.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while taking a place in group " + group, e);
        }
    }

    private static boolean taken(Admin admin, String group, String name)
            throws InterruptedException {
        try {
            ConsumerGroupDescription description =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            return description != null
                    && description.members().stream()
                            .anyMatch(
                                    member ->
                                            member.groupInstanceId()
                                                    .filter(name::equals)
                                                    .isPresent());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw new KafkaException("could not describe group " + group, e.getCause());
        }
    }

    private static boolean removed(Admin admin, String group, String name)
            throws InterruptedException {
        try {
            admin.removeMembersFromConsumerGroup(
                            group,
                            new RemoveMembersFromConsumerGroupOptions(
                                    Set.of(new MemberToRemove(name))))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException _) {
            // a place of no name does as well, only later
            return false;
        }
    }
}
