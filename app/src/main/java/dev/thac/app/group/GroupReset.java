package dev.thac.app.group;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Times;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Sets a group's commits elsewhere, without any note of finished events beyond them: everything
 * from there on is read.
 *
 * @param group the group
 * @param offsets where its commits are to be
 */
public record GroupReset(String group, Map<TopicPartition, Long> offsets) {

    /** Copies the map. */
    public GroupReset {
        offsets = Map.copyOf(offsets);
    }

    /**
     * Finds the offsets.
     *
     * @param consumer asks the brokers
     * @param group the group
     * @param topics what it reads
     * @param where {@code earliest}, {@code latest}, an offset or a time
     * @return the reset, not done yet
     */
    public static GroupReset to(
            Consumer<byte[], byte[]> consumer,
            String group,
            Collection<String> topics,
            String where) {
        TopicRange all = TopicRange.all(consumer, topics);
        return new GroupReset(
                group,
                switch (where) {
                    case "earliest" -> all.from();
                    case "latest" -> all.to();
                    default ->
                            where.matches("\\d{1,18}")
                                    ? at(all, Long.parseLong(where))
                                    : all.since(consumer, Times.parse("--to", where)).from();
                });
    }

    /**
     * Does it.
     *
     * @param access the brokers
     * @param admin tells them
     * @throws InterruptedException when the calling thread is interrupted
     * @throws UserError while the group has members
     */
    public void execute(KafkaAccess access, Admin admin) throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        offsets.forEach((place, offset) -> commits.put(place, new OffsetAndMetadata(offset)));
        try {
            access.await(admin.alterConsumerGroupOffsets(group, commits).all());
        } catch (UnknownMemberIdException | GroupNotEmptyException e) {
            throw inUse(group, e);
        }
    }

    /**
     * The error for a group that is being read with.
     *
     * @param group the group
     * @param cause what the brokers said, or {@code null}
     * @return the error
     */
    public static UserError inUse(String group, @Nullable Throwable cause) {
        return new UserError(
                ExitCode.FAILED,
                "group " + group + " has members: what they hold cannot be moved under them",
                "stop every instance, reset, and start them again; `thac groups describe "
                        + group
                        + "` shows who is there",
                cause);
    }

    private static Map<TopicPartition, Long> at(TopicRange all, long offset) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        all.to()
                .forEach(
                        (place, end) ->
                                offsets.put(place, Math.clamp(offset, all.start(place), end)));
        return offsets;
    }
}
