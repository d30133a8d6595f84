package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.RecordId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Watches a simulated run and knows what was promised. It sees every record read, every output and
 * commit as the brokers see it, and every question asked; whatever breaks a promise ends the run.
 */
final class DeliveryAudit {

    static final String SOURCE = "thac.source";
    static final String TENURE = "tenure";

    private final Agenda agenda;
    private final SimulationPlan plan;
    private final FakeGroup group;
    private final Map<RecordId, Fate> fates = new LinkedHashMap<>();
    private final Map<TopicPartition, List<Fate>> byPartition = new HashMap<>();
    private final Map<TopicPartition, BitSet> finished = new HashMap<>();
    private final Map<SimulatedProcess, Map<TopicPartition, Tenure>> tenures = new HashMap<>();
    private final Map<String, Long> lastWritten = new HashMap<>();
    private int tenureNumbers;
    private int diversions;
    private @Nullable Violation violation;

    /** A promise was broken. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1;

        Violation(String message) {
            super(message);
        }
    }

    /** What became of one event. */
    private static final class Fate {
        private final RecordId id;
        private final String key;
        private final char kind;
        private int decided;
        private long firstSeen = Long.MAX_VALUE;
        private int outputs;
        private int asked;

        /** Whether a commit forgot that it is finished, so that it may be done again. */
        private boolean forgotten;

        private int allowed = 1;

        private Fate(RecordId id, String key, char kind) {
            this.id = id;
            this.key = key;
            this.kind = kind;
        }

        private boolean writes() {
            return kind != SimulatedFlow.DROP;
        }
    }

    /** One partition in the hands of one process, until it leaves. */
    static final class Tenure {
        final int number;
        private final List<Fate> polled = new ArrayList<>();
        private final Set<Fate> decided = new LinkedHashSet<>();
        private final Set<Fate> open = new HashSet<>();
        private final Set<Fate> excused = new HashSet<>();
        private boolean ready;

        private Tenure(int number) {
            this.number = number;
        }
    }

    DeliveryAudit(Agenda agenda, SimulationPlan plan, FakeGroup group) {
        this.agenda = agenda;
        this.plan = plan;
        this.group = group;
    }

    /** Ends the run. */
    Violation fail(String message) {
        agenda.say(() -> "VIOLATION " + message);
        Violation found = new Violation(message);
        if (violation == null) {
            violation = found;
        }
        throw found;
    }

    private void require(boolean held, String message) {
        if (!held) {
            throw fail(message);
        }
    }

    @Nullable Violation violation() {
        return violation;
    }

    /** A record can be read from now on. */
    void appended(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        RecordId id = new RecordId(record.topic(), record.partition(), record.offset());
        String key = new String(record.key(), StandardCharsets.UTF_8);
        Fate fate = new Fate(id, key, (char) record.value()[0]);
        fates.put(id, fate);
        byPartition.computeIfAbsent(partition, _ -> new ArrayList<>()).add(fate);
    }

    /** A process takes partitions over. */
    void began(SimulatedProcess process, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            for (Map<TopicPartition, Tenure> others : tenures.values()) {
                Tenure overtaken = others.get(partition);
                if (overtaken != null) {
                    overtaken.decided.forEach(fate -> excuse(overtaken, fate));
                }
            }
            tenures.computeIfAbsent(process, _ -> new HashMap<>())
                    .put(partition, new Tenure(++tenureNumbers));
        }
    }

    /** An event that a process has begun with may be asked about once more by its successor. */
    private void excuse(Tenure tenure, Fate fate) {
        if (!finished(partition(fate)).get((int) fate.id.offset()) && tenure.excused.add(fate)) {
            fate.allowed++;
        }
    }

    /** A process says what it found unfinished in a partition it takes over. */
    void recovering(SimulatedProcess process, Recovery.Unfinished unfinished) {
        TopicPartition partition = new TopicPartition(unfinished.topic(), unfinished.partition());
        OffsetAndMetadata commit = group.committed(partition);
        long from = commit == null ? -1 : commit.offset();
        require(
                unfinished.from() == from || !byPartition.containsKey(partition),
                process + " begins " + partition + " at " + unfinished.from() + ", not " + from);
        BitSet done = finished(partition);
        long since = unfinished.since().toEpochMilli();
        for (Fate fate : byPartition.getOrDefault(partition, List.of())) {
            long offset = fate.id.offset();
            require(
                    offset < from || done.get((int) offset) == unfinished.finished().test(offset),
                    process + " thinks otherwise of " + fate.id + " than its commit");
            require(
                    done.get((int) offset) || since <= fate.firstSeen || process.clockJumped(),
                    fate.id + " was read at " + fate.firstSeen + ", before " + since);
        }
    }

    /** What the partition needed to know is known. */
    void ready(SimulatedProcess process, TopicPartition partition) {
        Tenure tenure = tenure(process, partition);
        if (tenure != null) {
            tenure.ready = true;
        }
    }

    /** Records are given to a process: it must have begun with those it was given before. */
    void polled(
            SimulatedProcess process,
            TopicPartition partition,
            List<ConsumerRecord<byte[], byte[]>> records) {
        Tenure tenure = tenure(process, partition);
        if (tenure == null) {
            return;
        }
        for (Fate fate : tenure.polled) {
            require(
                    tenure.decided.contains(fate)
                            || fate.forgotten
                            || finished(partition).get((int) fate.id.offset()),
                    process + " reads on in " + partition + " while " + fate.id + " waits");
        }
        tenure.polled.clear();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            tenure.polled.add(
                    fate(new RecordId(record.topic(), record.partition(), record.offset())));
        }
    }

    /** A process looks at an event for the first time; returns the tenure under which it does. */
    int decided(SimulatedProcess process, Delivery delivery, boolean asks) {
        Fate fate = fate(delivery.id());
        TopicPartition partition = partition(fate);
        Tenure tenure = tenure(process, partition);
        if (tenure == null) {
            throw fail(process + " decides " + fate.id + " of a partition it does not hold");
        }
        require(tenure.ready, process + " decides " + fate.id + " before it may");
        boolean current = process.consumer().holds(partition);
        require(
                !current || !finished(partition).get((int) fate.id.offset()),
                process + " decides " + fate.id + ", which is finished");
        require(tenure.decided.add(fate), process + " decides " + fate.id + " twice");
        fate.decided++;
        fate.firstSeen = Math.min(fate.firstSeen, process.now().toEpochMilli());
        withinCaps(process);
        if (asks) {
            if (!current && tenure.excused.add(fate)) {
                fate.allowed++;
            }
            fate.asked++;
            tenure.open.add(fate);
            require(
                    fate.asked <= fate.allowed,
                    fate.id + " is asked about " + fate.asked + " times; " + fate.allowed);
        }
        return tenure.number;
    }

    private void withinCaps(SimulatedProcess process) {
        int open = 0;
        int held = 0;
        boolean narrow = plan.openBytes() < SimulationPlan.AMPLE;
        for (Tenure each : tenures.getOrDefault(process, Map.of()).values()) {
            open += each.open.size();
            for (Fate other : narrow ? each.decided : Set.<Fate>of()) {
                boolean done =
                        other.forgotten || finished(partition(other)).get((int) other.id.offset());
                held += done ? 0 : 1;
            }
        }
        int bytes = held * SimulatedFlow.INPUT_BYTES;
        require(open < plan.openEvents(), process + " has " + open + " open events");
        require(bytes < plan.openBytes() + 512, process + " holds " + bytes + " bytes");
    }

    /** A process stops waiting for an answer; returns the tenure under which it does. */
    int diverted(SimulatedProcess process, RecordId id) {
        Fate fate = fate(id);
        Tenure tenure = tenure(process, partition(fate));
        if (tenure == null || !tenure.open.remove(fate)) {
            throw fail(process + " diverts " + id + ", which is not open");
        }
        diversions++;
        return tenure.number;
    }

    /** An answer is there. */
    void answered(SimulatedProcess process, RecordId id) {
        Fate fate = fate(id);
        Tenure tenure = tenure(process, partition(fate));
        if (tenure != null) {
            tenure.open.remove(fate);
        }
    }

    /**
     * Partitions leave a process.
     *
     * @param clean whether nothing hindered it from committing what was settled, and it had the
     *     time to wait for the rest
     */
    void ended(SimulatedProcess process, Collection<TopicPartition> partitions, boolean clean) {
        for (TopicPartition partition : partitions) {
            Map<TopicPartition, Tenure> held = tenures.getOrDefault(process, new HashMap<>());
            Tenure tenure = held.remove(partition);
            if (tenure == null) {
                continue;
            }
            for (Fate fate : tenure.decided) {
                if (!finished(partition).get((int) fate.id.offset())) {
                    excuse(tenure, fate);
                    require(
                            !clean,
                            process
                                    + " hands over "
                                    + partition
                                    + " and leaves "
                                    + fate.id
                                    + (tenure.open.contains(fate) ? " open" : " uncommitted"));
                }
            }
        }
    }

    /** A process is gone, with all it held. */
    void gone(SimulatedProcess process) {
        ended(process, List.copyOf(tenures.getOrDefault(process, Map.of()).keySet()), false);
    }

    /** A commit is asked for: it must be one that could be read again. */
    void wellFormed(SimulatedProcess process, Map<TopicPartition, OffsetAndMetadata> offsets) {
        require(!process.consumer().losing(), process + " commits what it has just lost");
        offsets.forEach(
                (partition, commit) -> {
                    require(
                            commit.metadata().length() <= plan.mapChars(),
                            process + " commits " + commit.metadata().length() + " characters");
                    require(
                            commit.offset() == 0 || commit.leaderEpoch().isPresent(),
                            process + " commits " + partition + " without leader epoch");
                    try {
                        BitSet _ = WrittenMap.finished(commit);
                    } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
                        throw fail(process + " commits " + commit + ": " + e);
                    }
                });
    }

    /** An output became readable outside any transaction. */
    void written(ProducerRecord<byte[], byte[]> output) {
        Fate fate = fate(RecordId.parse(header(output, SOURCE)));
        fate.outputs++;
        ordered(output, fate);
    }

    /** Outputs and offsets became readable together. */
    void committed(
            List<ProducerRecord<byte[], byte[]>> outputs,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        outputs.forEach(this::written);
        offsets.forEach(this::moved);
        if (plan.delivery() == DeliveryMode.EXACTLY_ONCE) {
            Set<TopicPartition> touched = new HashSet<>(offsets.keySet());
            outputs.forEach(
                    output -> touched.add(partition(fate(RecordId.parse(header(output, SOURCE))))));
            touched.forEach(this::agree);
        }
    }

    /**
     * The metadata of a partition's commit was spoilt: only what lies below its offset is known.
     */
    void spoilt(TopicPartition partition) {
        BitSet known = finished(partition);
        int base = (int) commit(partition).offset();
        for (Fate fate : byPartition.getOrDefault(partition, List.of())) {
            if (fate.id.offset() >= base && known.get((int) fate.id.offset())) {
                fate.forgotten = true;
                fate.allowed++;
            }
        }
        known.clear(base, known.length());
    }

    private OffsetAndMetadata commit(TopicPartition partition) {
        OffsetAndMetadata commit = group.committed(partition);
        if (commit == null) {
            throw fail(partition + " has no commit");
        }
        return commit;
    }

    private void moved(TopicPartition partition, OffsetAndMetadata commit) {
        BitSet before = finished(partition);
        BitSet after = WrittenMap.finished(commit);
        for (Fate fate : byPartition.getOrDefault(partition, List.of())) {
            int offset = (int) fate.id.offset();
            if (after.get(offset)) {
                require(
                        fate.writes() ? fate.outputs > 0 : fate.decided > 0,
                        fate.id + " is committed as finished and is not");
            } else {
                require(!before.get(offset), fate.id + " was finished and is not any more");
            }
        }
        finished.put(partition, after);
    }

    private void agree(TopicPartition partition) {
        for (Fate fate : byPartition.getOrDefault(partition, List.of())) {
            boolean done = finished(partition).get((int) fate.id.offset());
            require(
                    fate.outputs <= 1 || fate.forgotten,
                    fate.id + " has " + fate.outputs + " outputs");
            require(
                    !fate.writes() || fate.forgotten || done == (fate.outputs == 1),
                    fate.id + (done ? " has no output" : " has an output") + ", finished: " + done);
        }
    }

    /** The listener is told that an event is durable. */
    void settled(SimulatedProcess process, RecordId id) {
        Fate fate = fate(id);
        require(
                fate.forgotten || finished(partition(fate)).get((int) id.offset()),
                process + " takes " + id + " for committed");
    }

    private void ordered(ProducerRecord<byte[], byte[]> output, Fate fate) {
        if (plan.order() == Order.NONE) {
            return;
        }
        String scope =
                output.topic()
                        + '|'
                        + fate.id.partition()
                        + (plan.order() == Order.KEY ? '|' + fate.key : "")
                        + (plan.delivery() == DeliveryMode.EXACTLY_ONCE
                                ? ""
                                : '|' + header(output, TENURE));
        Long last = lastWritten.put(scope, fate.id.offset());
        require(
                last == null || fate.forgotten || last <= fate.id.offset(),
                fate.id + " is written after " + last + " in " + scope);
    }

    /** Whether all that can be read is finished. */
    boolean finished(Collection<FakeLog> logs) {
        for (FakeLog log : logs) {
            OffsetAndMetadata commit = group.committed(log.partition);
            if (log.end() > 0 && (commit == null || commit.offset() < log.end())) {
                return false;
            }
        }
        return true;
    }

    /** The run is over. */
    void closing() {
        for (Fate fate : fates.values()) {
            int least = fate.writes() ? 1 : 0;
            int most = plan.delivery() == DeliveryMode.EXACTLY_ONCE ? least : Integer.MAX_VALUE;
            require(
                    fate.outputs >= least && (fate.outputs <= most || fate.forgotten),
                    fate.id + " has " + fate.outputs + " outputs");
        }
    }

    /** What is not finished, for the trace. */
    List<String> unfinished(Collection<FakeLog> logs) {
        List<String> rest = new ArrayList<>();
        logs.forEach(
                log ->
                        rest.add(
                                log.partition
                                        + " ends at "
                                        + log.end()
                                        + ", committed "
                                        + group.committed(log.partition)));
        fates.values().stream()
                .filter(fate -> !finished(partition(fate)).get((int) fate.id.offset()))
                .limit(20)
                .forEach(fate -> rest.add(fate.id + " (" + fate.kind + ')'));
        return rest;
    }

    private BitSet finished(TopicPartition partition) {
        return finished.computeIfAbsent(partition, _ -> new BitSet());
    }

    private @Nullable Tenure tenure(SimulatedProcess process, TopicPartition partition) {
        return tenures.getOrDefault(process, Map.of()).get(partition);
    }

    private Fate fate(RecordId id) {
        Fate fate = fates.get(id);
        if (fate == null) {
            throw fail(id + " was never written");
        }
        return fate;
    }

    private static TopicPartition partition(Fate fate) {
        return new TopicPartition(fate.id.topic(), fate.id.partition());
    }

    private static String header(ProducerRecord<byte[], byte[]> output, String name) {
        Header header = output.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
