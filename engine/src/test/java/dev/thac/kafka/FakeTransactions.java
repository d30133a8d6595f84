package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The transaction coordinator and the logs that are written. A transaction takes effect at once or
 * not at all; a producer that starts with the same transactional id ends the transaction of the one
 * before it, and fences it; a transaction that takes too long is aborted and its producer fenced.
 */
final class FakeTransactions {

    static final long TIMEOUT = 30 * Agenda.SECOND;

    private final Agenda agenda;
    private final FakeGroup group;
    private final DeliveryAudit audit;
    private final Map<String, Identity> identities = new LinkedHashMap<>();

    private static final class Identity {
        private int epoch;
        private long number;
        private boolean open;
        private final List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    }

    FakeTransactions(Agenda agenda, FakeGroup group, DeliveryAudit audit) {
        this.agenda = agenda;
        this.group = group;
        this.audit = audit;
    }

    /** A producer starts; returns its epoch. */
    int start(String id) {
        Identity identity = identities.computeIfAbsent(id, _ -> new Identity());
        abort(id, identity);
        identity.epoch++;
        return identity.epoch;
    }

    /** Whether the producer of that epoch has been replaced or given up. */
    boolean fenced(String id, int epoch) {
        return identity(id).epoch != epoch;
    }

    /** The number of the open transaction, a new one where none is open. */
    long open(String id) {
        Identity identity = identity(id);
        if (!identity.open) {
            identity.open = true;
            identity.number++;
            long number = identity.number;
            agenda.after(TIMEOUT, () -> expire(id, number));
        }
        return identity.number;
    }

    /** Whether that transaction is still open. */
    boolean ongoing(String id, long number) {
        Identity identity = identity(id);
        return identity.open && identity.number == number;
    }

    void write(String id, ProducerRecord<byte[], byte[]> output) {
        long _ = open(id);
        identity(id).outputs.add(output);
    }

    void offsets(String id, Map<TopicPartition, OffsetAndMetadata> offsets) {
        long _ = open(id);
        Identity identity = identity(id);
        for (TopicPartition partition : offsets.keySet()) {
            if (!identity.offsets.containsKey(partition)) {
                group.hold(List.of(partition));
            }
        }
        identity.offsets.putAll(offsets);
    }

    /** Commits the open transaction. */
    void commit(String id) {
        Identity identity = identity(id);
        agenda.say(
                () ->
                        "tx "
                                + id
                                + " COMMIT "
                                + identity.outputs.size()
                                + " outputs, offsets "
                                + identity.offsets);
        group.commit(identity.offsets);
        List<ProducerRecord<byte[], byte[]>> outputs = List.copyOf(identity.outputs);
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.copyOf(identity.offsets);
        end(identity);
        audit.committed(outputs, offsets);
    }

    void abort(String id) {
        abort(id, identity(id));
    }

    /** Whether nothing is open: readers of the outputs see all there is. */
    boolean quiet() {
        return identities.values().stream().noneMatch(identity -> identity.open);
    }

    private void expire(String id, long number) {
        if (ongoing(id, number)) {
            Identity identity = identity(id);
            agenda.say(() -> "tx " + id + " took too long");
            identity.epoch++;
            abort(id, identity);
        }
    }

    private void abort(String id, Identity identity) {
        if (identity.open) {
            agenda.say(() -> "tx " + id + " ABORT");
            end(identity);
        }
    }

    private void end(Identity identity) {
        group.unhold(identity.offsets.keySet());
        identity.open = false;
        identity.outputs.clear();
        identity.offsets.clear();
    }

    private Identity identity(String id) {
        Identity identity = identities.get(id);
        if (identity == null) {
            throw new IllegalStateException("no transactional id " + id);
        }
        return identity;
    }
}
