package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;

import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The consumer group of a pipeline: allowed, its own, of one protocol. */
final class GroupChecks {

    /** Assignors that take all partitions from all members at every change. */
    private static final List<String> EAGER = List.of("range", "roundrobin", "sticky");

    private final BrokerNeeds needs;
    private final Grants grants;
    private final boolean newProtocol;
    private final List<Finding> findings = new ArrayList<>();

    GroupChecks(BrokerNeeds needs, Grants grants, boolean newProtocol) {
        this.needs = needs;
        this.grants = grants;
        this.newProtocol = newProtocol;
    }

    /**
     * Looks at the answers about the group.
     *
     * @param membership whether this user may be a member
     * @param group the group, if it is there
     * @param commits its commits
     * @return what was found
     */
    List<Finding> of(
            Answer<Void> membership,
            Answer<ConsumerGroupDescription> group,
            Answer<Map<TopicPartition, OffsetAndMetadata>> commits) {
        if (membership.refused(AuthorizationException.class)
                || commits.refused(AuthorizationException.class)) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_DENIED,
                            "group " + needs.group(),
                            "this user may not be a member of it",
                            grants.group(needs.group())));
        } else {
            findings.add(
                    newProtocol
                            ? Finding.ok(
                                    "group", "the brokers speak the new group protocol (KIP-848)")
                            : Finding.warn(
                                    "group",
                                    "the brokers speak the classic group protocol only: rebalances"
                                            + " take longer",
                                    "Kafka 4.0 or newer has the new one"));
        }
        group.value().ifPresent(this::members);
        group.refusal()
                .filter(reason -> reason.getClass() == GroupIdNotFoundException.class)
                .map(Throwable::getMessage)
                .filter(message -> message != null && message.contains("not a consumer group"))
                .ifPresent(this::otherKind);
        commits.value().flatMap(this::foreign).ifPresent(findings::add);
        return findings;
    }

    private void members(ConsumerGroupDescription group) {
        List<MemberDescription> strangers =
                group.members().stream()
                        .filter(
                                member ->
                                        !member.clientId()
                                                .startsWith("thac-" + needs.pipeline() + '-'))
                        .sorted(Comparator.comparing(MemberDescription::clientId))
                        .toList();
        String subject = "group " + needs.group();
        if (group.type() == GroupType.CLASSIC && EAGER.contains(group.partitionAssignor())) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            subject,
                            "its "
                                    + TopicChecks.count(group.members().size(), "member")
                                    + " share the partitions by the assignor "
                                    + group.partitionAssignor()
                                    + ", which a pipeline cannot join",
                            "stop them, or write another source.group"));
        } else if (!strangers.isEmpty()) {
            MemberDescription first = strangers.getFirst();
            findings.add(
                    Finding.warn(
                            subject,
                            "another program reads with it, too ("
                                    + TopicChecks.count(strangers.size(), "member")
                                    + ", client "
                                    + first.clientId()
                                    + " at "
                                    + first.host()
                                    + "): what it reads this pipeline does not see",
                            "stop it, or write another source.group"));
        }
    }

    private void otherKind(String message) {
        findings.add(
                Finding.fail(
                        ErrorCode.KAFKA_UNFIT,
                        "group " + needs.group(),
                        message,
                        "write another source.group"));
    }

    /** Metadata that is not ours: Kafka Streams or a parallel consumer has used the group. */
    private Optional<Finding> foreign(Map<TopicPartition, OffsetAndMetadata> commits) {
        List<String> partitions =
                commits.entrySet().stream()
                        .filter(each -> each.getValue() != null)
                        .filter(each -> needs.topics().containsKey(each.getKey().topic()))
                        .filter(each -> foreign(each.getValue().metadata()))
                        .map(each -> each.getKey().toString())
                        .sorted()
                        .toList();
        if (partitions.isEmpty()) {
            return Optional.empty();
        }
        String message =
                "the commits of "
                        + String.join(", ", partitions)
                        + " carry metadata of another program (Kafka Streams? a parallel"
                        + " consumer?)";
        return Optional.of(
                switch (needs.foreign()) {
                    case REFUSE ->
                            Finding.fail(
                                    ErrorCode.FOREIGN_METADATA,
                                    "group " + needs.group(),
                                    message
                                            + ", which says what it has finished in a way that"
                                            + " cannot be read here",
                                    "write another source.group; or, where that program is gone"
                                            + " for good, source.foreignMetadata: ignore, and"
                                            + " expect what it finished out of order once more");
                    case IGNORE ->
                            Finding.warn(
                                    "group " + needs.group(),
                                    message
                                            + ", which is ignored: what it finished out of order"
                                            + " is judged once more",
                                    "remove source.foreignMetadata after the first start");
                });
    }

    private static boolean foreign(String metadata) {
        return !metadata.isEmpty() && metadata.charAt(0) != 'T';
    }
}
