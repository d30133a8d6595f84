package dev.thac.app.group;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;
import dev.thac.kafka.CommitNote;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A consumer group as its coordinator knows it.
 *
 * @param group its name
 * @param state for people, in lower case: {@code stable}, {@code empty} ...
 * @param members who is in it: client id and host
 * @param commits its committed offsets
 */
public record GroupState(
        String group,
        String state,
        List<String> members,
        Map<TopicPartition, OffsetAndMetadata> commits) {

    /** Copies the collections. */
    public GroupState {
        members = List.copyOf(members);
        commits = Map.copyOf(commits);
    }

    /**
     * Asks the brokers.
     *
     * @param access the brokers
     * @param admin asks them
     * @param group the group
     * @return its state; that of a group nobody knows has no members and no commits
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static GroupState of(KafkaAccess access, Admin admin, String group)
            throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        access.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach(
                        (place, commit) -> {
                            if (commit != null) {
                                commits.put(place, commit);
                            }
                        });
        try {
            ConsumerGroupDescription description =
                    access.await(admin.describeConsumerGroups(List.of(group)).all())
                            .values()
                            .iterator()
                            .next();
            return new GroupState(
                    group,
                    description.groupState().toString().toLowerCase(Locale.ROOT),
                    description.members().stream()
                            .map(member -> member.clientId() + " at " + member.host())
                            .sorted()
                            .toList(),
                    commits);
        } catch (GroupIdNotFoundException _) {
            return new GroupState(group, "unknown", List.of(), commits);
        }
    }

    /**
     * The same, unless nobody has ever heard of the group.
     *
     * @return this
     * @throws UserError when it has neither members nor commits
     */
    public GroupState known() {
        if (members.isEmpty() && commits.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED, "there is no group " + group, "`thac groups list` shows them");
        }
        return this;
    }

    /**
     * Whether the group is done with a record.
     *
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @return true below the committed offset, and beyond it where the commit says so
     */
    public boolean finished(String topic, int partition, long offset) {
        return note(new TopicPartition(topic, partition)).finished(offset);
    }

    /**
     * What stands beside the committed offset of a partition; as at 0 where nothing is committed.
     */
    CommitNote note(TopicPartition place) {
        OffsetAndMetadata commit = commits.get(place);
        return commit == null
                ? CommitNote.of("", 0)
                : CommitNote.of(commit.metadata(), commit.offset());
    }
}
