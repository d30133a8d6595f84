package dev.thac.kafka;

import static java.util.Objects.requireNonNull;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The groups and transactional ids of what runs beside the lanes: whether this user may use them.
 */
final class ReaderChecks {

    private final Admin admin;
    private final BrokerNeeds needs;
    private final Grants grants;

    /**
     * Questions about one of them that wait for their answers.
     *
     * @param reader whom they are about
     * @param membership whether this user may commit with its group
     * @param transactions whether it may use its transactional ids; empty where it uses none
     */
    record Asked(
            BrokerNeeds.Reader reader,
            KafkaFuture<Void> membership,
            Optional<KafkaFuture<Void>> transactions) {}

    ReaderChecks(Admin admin, BrokerNeeds needs, Grants grants) {
        this.admin = admin;
        this.needs = needs;
        this.grants = grants;
    }

    /**
     * Asks about all of them. Commits are for a partition that no topic has: they are refused in
     * any case, and for want of rights before anything else.
     *
     * @param topic any topic of the pipeline
     */
    List<Asked> ask(String topic) {
        TopicPartition none = new TopicPartition(topic, Integer.MAX_VALUE);
        List<Asked> asked = new ArrayList<>();
        for (BrokerNeeds.Reader reader : needs.readers()) {
            String id = reader.scratchTransactionalId();
            asked.add(
                    new Asked(
                            reader,
                            admin.alterConsumerGroupOffsets(
                                            reader.group(), Map.of(none, new OffsetAndMetadata(0)))
                                    .partitionResult(none),
                            needs.delivery() == DeliveryMode.EXACTLY_ONCE
                                    ? Optional.of(
                                            requireNonNull(
                                                    admin.fenceProducers(List.of(id))
                                                            .fencedProducers()
                                                            .get(id)))
                                    : Optional.empty()));
        }
        return asked;
    }

    /** What the answers say. */
    List<Finding> of(List<Asked> asked) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Asked each : asked) {
            String group = each.reader().group();
            boolean member =
                    !Answer.of(each.membership()).refused(GroupAuthorizationException.class);
            boolean writer =
                    each.transactions().isEmpty()
                            || !Answer.of(each.transactions().get())
                                    .refused(AuthorizationException.class);
            if (!member) {
                findings.add(
                        Finding.fail(
                                ErrorCode.KAFKA_DENIED,
                                "group " + group,
                                "this user may not be a member of it",
                                grants.group(group)));
            }
            if (!writer) {
                findings.add(
                        Finding.fail(
                                ErrorCode.KAFKA_DENIED,
                                "group " + group,
                                "this user may not use the transactional ids that begin with its"
                                        + " name",
                                grants.transactionalIds(group)));
            }
            if (member && writer) {
                findings.add(Finding.ok("group " + group, "this user may be a member of it"));
            }
        }
        return findings;
    }
}
