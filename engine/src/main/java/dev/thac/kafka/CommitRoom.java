package dev.thac.kafka;

import static java.util.Objects.requireNonNull;

import dev.thac.event.Finding;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.List;
import java.util.Map;

/**
 * How many characters of metadata the brokers take beside a committed offset. Tried with a group
 * that is deleted afterwards, because compatible brokers have limits of their own and no setting to
 * read them from.
 */
final class CommitRoom {

    private static final String SETTING = "offset.metadata.max.bytes";
    private static final List<Integer> STEPS =
            List.of(LaneSettings.METADATA_CHARS, 2048, 1024, 512, 256);

    private final Admin admin;
    private final BrokerNeeds needs;
    private final Grants grants;
    private final TopicPartition partition;

    /**
     * What was found.
     *
     * @param chars characters that fit; 0: none
     * @param finding how it is
     */
    record Room(int chars, Finding finding) {}

    CommitRoom(Admin admin, BrokerNeeds needs, Grants grants, TopicPartition partition) {
        this.admin = admin;
        this.needs = needs;
        this.grants = grants;
        this.partition = partition;
    }

    /**
     * Asks the largest size; {@link #of} awaits it and goes on from there.
     *
     * @return the answer to come
     */
    KafkaFuture<Void> ask() {
        return ask(STEPS.getFirst());
    }

    /**
     * Finds the largest size that fits, and deletes the group it was tried with.
     *
     * @param largest the answer to {@link #ask()}
     * @param broker id of a broker whose settings may tell where nothing can be tried
     */
    Room of(Answer<Void> largest, String broker) throws InterruptedException {
        Answer<Void> answer = largest;
        int step = 0;
        while (answer.refused(OffsetMetadataTooLarge.class) && ++step < STEPS.size()) {
            answer = Answer.of(ask(STEPS.get(step)));
        }
        if (answer.refused(AuthorizationException.class)) {
            return read(broker);
        }
        Answer<Void> _ = Answer.of(admin.deleteConsumerGroups(List.of(needs.scratchGroup())).all());
        if (answer.refused(OffsetMetadataTooLarge.class)) {
            return room(0);
        }
        if (answer.refused(UnknownTopicOrPartitionException.class)) {
            return unknown("the source is missing", "thac topics create FILE");
        }
        if (answer.refusal().isPresent()) {
            return unknown(
                    String.valueOf(answer.refusal().get().getMessage()),
                    "see the logs of the brokers");
        }
        return room(STEPS.get(step));
    }

    private KafkaFuture<Void> ask(int chars) {
        OffsetAndMetadata commit = new OffsetAndMetadata(0, "T".repeat(chars));
        return admin.alterConsumerGroupOffsets(needs.scratchGroup(), Map.of(partition, commit))
                .partitionResult(partition);
    }

    private Room read(String broker) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
        Answer<Config> config =
                Answer.of(
                        admin.describeConfigs(List.of(resource))
                                .all()
                                .thenApply(all -> requireNonNull(all.get(resource))));
        long bytes =
                config.value().map(known -> TopicChecks.number(known, SETTING, -1)).orElse(-1L);
        if (bytes < 0) {
            return unknown(
                    "this user may neither commit with the group "
                            + needs.scratchGroup()
                            + " nor read the settings of the brokers",
                    grants.scratchGroup(needs.scratchGroup()));
        }
        return room((int) Math.min(bytes, LaneSettings.METADATA_CHARS));
    }

    private static Room room(int chars) {
        if (chars >= LaneSettings.METADATA_CHARS) {
            return new Room(
                    LaneSettings.METADATA_CHARS,
                    Finding.ok(
                            "commits",
                            LaneSettings.METADATA_CHARS
                                    + " characters of metadata fit beside an offset"));
        }
        String fix = "raise " + SETTING + " of the brokers to " + LaneSettings.METADATA_CHARS;
        if (chars == 0) {
            return new Room(
                    0,
                    Finding.warn(
                            "commits",
                            "the brokers take no metadata beside an offset: a commit stands at the"
                                    + " oldest unfinished event, and what was finished behind it"
                                    + " is judged again after a crash",
                            fix));
        }
        return new Room(
                chars,
                Finding.warn(
                        "commits",
                        "only "
                                + chars
                                + " characters of metadata fit beside an offset: fewer events may"
                                + " be open at once",
                        fix));
    }

    private static Room unknown(String why, String fix) {
        return new Room(
                LaneSettings.METADATA_CHARS,
                Finding.warn(
                        "commits",
                        "how much metadata fits beside an offset is not known ("
                                + why
                                + "); Kafka's default of "
                                + LaneSettings.METADATA_CHARS
                                + " characters is assumed",
                        fix));
    }
}
