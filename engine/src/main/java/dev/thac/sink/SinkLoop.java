package dev.thac.sink;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.SinkRecord;
import dev.thac.recover.SinkLetters;
import dev.thac.resilience.Failpoint;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One life of a sink's consumer. While a batch is being written the loop goes on polling, so that
 * the sink keeps its partitions however long its target is away, and gathers the next batch.
 * Offsets are committed when their records are durably at the target, together with the dead
 * letters of those it never takes. Used by the sink's thread.
 */
final class SinkLoop implements AutoCloseable {

    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration BUSY = Duration.ofMillis(20);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /**
     * How old the group's word may be that this member still has its place, while there is
     * something to write. A poll is no such word: it says nothing for as long as the brokers do not
     * answer.
     */
    private static final Duration CONFIRM_EVERY = Duration.ofSeconds(5);

    private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(5);

    /** How long a partition that has to leave waits for what is being written. */
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private static final CloseOptions LEAVE =
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(Duration.ofSeconds(5));

    private final SinkSettings settings;
    private final Target target;
    private final SinkFigures figures;
    private final Ticker ticker;
    private final Consumer<byte[], byte[]> consumer;
    private final LetterBox letters;
    private final SinkLetters records;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, String> notes = new HashMap<>();
    private final List<Polled> gathered = new ArrayList<>();
    private final Set<TopicPartition> fresh = new HashSet<>();
    private @Nullable Flight flight;
    private long nextCommit;

    /** When the last commit was sent that the group took: it kept this member's place then. */
    private long confirmed;

    private boolean assigned;
    private long nextLook;

    private SinkLoop(
            SinkSettings settings,
            Target target,
            SinkFigures figures,
            Ticker ticker,
            Consumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.target = target;
        this.figures = figures;
        this.ticker = ticker;
        this.consumer = consumer;
        this.letters = new LetterBox(settings.producer());
        this.records = new SinkLetters(settings.pipeline(), settings.deadLetters());
        this.confirmed = ticker.nanos() - CONFIRM_EVERY.toNanos();
    }

    /** A loop that has joined nothing yet. */
    static SinkLoop open(SinkSettings settings, Target target, SinkFigures figures, Ticker ticker) {
        return new SinkLoop(
                settings, target, figures, ticker, new KafkaConsumer<>(settings.consumer()));
    }

    /**
     * Reads and writes until told to end.
     *
     * @param stopping whether to end
     * @param drain how long what is being written may take then
     * @throws InterruptedException when the thread is interrupted
     */
    void run(BooleanSupplier stopping, Supplier<Duration> drain) throws InterruptedException {
        consumer.subscribe(settings.topics(), new Movement());
        while (!stopping.getAsBoolean()) {
            turn();
        }
        settle(drain.get());
    }

    private void turn() throws InterruptedException {
        Flight open = flight;
        if (open == null) {
            consumer.resume(consumer.paused());
            if (gathered.size() < target.batchSize()) {
                gather(consumer.poll(gathered.isEmpty() ? IDLE : Duration.ZERO));
            }
            if (!gathered.isEmpty()) {
                begin();
            } else {
                commitPositions();
            }
        } else if (gathered.size() < target.batchSize()) {
            gather(consumer.poll(BUSY));
            land(open, Duration.ZERO);
        } else {
            consumer.pause(consumer.assignment());
            gather(consumer.poll(Duration.ZERO)); // keeps the place in the group
            land(open, IDLE);
        }
        boolean _ = welcome();
        look();
    }

    private void gather(Iterable<ConsumerRecord<byte[], byte[]>> polled) {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            TopicPartition place = new TopicPartition(record.topic(), record.partition());
            Delivery delivery = Deliveries.of(record);
            if (record.topic().equals(settings.retryTopic())) {
                delivery = SinkLetters.returned(delivery);
            }
            gathered.add(new Polled(place, record.offset(), 0, delivery));
        }
    }

    /**
     * Partitions that came in the last poll; before anything of them is written. Returns false
     * where that has to wait for another poll.
     */
    private boolean welcome() {
        if (fresh.isEmpty()) {
            return true;
        }
        Set<TopicPartition> came = Set.copyOf(fresh);
        Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(came);
        Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
        for (TopicPartition place : came) {
            OffsetAndMetadata commit = commits.get(place);
            long position = commit == null ? start(place) : commit.offset();
            String note = target.assigned(place, position, commit == null ? "" : commit.metadata());
            committed.put(place, commit == null ? -1 : position);
            notes.put(place, note);
            if (!note.isEmpty() && (commit == null || !note.equals(commit.metadata()))) {
                first.put(place, new OffsetAndMetadata(position, note));
            }
        }
        if (!first.isEmpty()) {
            try {
                consumer.commitSync(first);
            } catch (RebalanceInProgressException _) {
                return false;
            }
            first.forEach((place, commit) -> committed.put(place, commit.offset()));
        }
        fresh.removeAll(came);
        return true;
    }

    /** Where a partition begins of which nothing is committed. */
    private long start(TopicPartition place) {
        for (Polled each : gathered) {
            if (each.place().equals(place)) {
                return each.offset();
            }
        }
        return consumer.position(place);
    }

    private void begin() {
        if (!welcome() || !confirm(positions(gathered))) {
            return;
        }
        List<Polled> first = gathered.subList(0, Math.min(gathered.size(), target.batchSize()));
        Batch batch = new Batch(List.copyOf(first));
        first.clear();
        if (settings.topic().equals(settings.deadLetters())) {
            batch.done(batch.pending().stream().filter(this::own).toList());
        }
        batch.heard(confirmed);
        nextCommit = ticker.nanos() + COMMIT_EVERY.toNanos();
        flight = new Flight(settings.name(), batch, target, figures, ticker);
    }

    /**
     * Asks the group whether this member still has its place, when the last word is too old, by
     * committing once more where it is. A member that has lost it ends its loop.
     *
     * @param positions the first record of each partition that is not done
     * @return whether the group's word is new enough
     */
    private boolean confirm(Map<TopicPartition, Long> positions) {
        long now = ticker.nanos();
        if (positions.isEmpty() || now - confirmed < CONFIRM_EVERY.toNanos()) {
            return true;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach(
                (place, offset) ->
                        offsets.put(
                                place,
                                new OffsetAndMetadata(offset, notes.getOrDefault(place, ""))));
        try {
            consumer.commitSync(offsets, CONFIRM_WITHIN);
        } catch (RebalanceInProgressException _) {
            return false; // after the next poll
        } catch (RetriableException e) {
            figures.held("the group does not answer: " + e.getMessage());
            return false;
        }
        confirmed = now;
        committed.putAll(positions);
        return true;
    }

    /** A dead letter of this very sink is where it belongs. */
    private boolean own(Polled record) {
        return SinkLetters.of(record.delivery(), settings.pipeline(), settings.name());
    }

    /** Commits what the flight has brought, when it is over or it is time. */
    private void land(Flight open, Duration wait) throws InterruptedException {
        if (confirm(open.batch().uncommitted())) {
            open.batch().heard(confirmed);
        }
        boolean over = open.await(wait);
        if (!over && ticker.nanos() - nextCommit < 0) {
            return;
        }
        nextCommit = ticker.nanos() + COMMIT_EVERY.toNanos();
        if (over) {
            Failpoint.AFTER_WRITE.reached();
        }
        if (commit(open.batch()) && over) {
            flight = null;
        }
    }

    /** Returns whether everything that could be committed is. */
    private boolean commit(Batch batch) throws InterruptedException {
        Map<TopicPartition, Batch.Advance> advances = batch.advances();
        if (advances.isEmpty()) {
            return true;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        List<SinkRecord> dead = new ArrayList<>();
        long done = 0;
        for (Map.Entry<TopicPartition, Batch.Advance> each : advances.entrySet()) {
            Batch.Advance advance = each.getValue();
            String note =
                    advance.note().isEmpty()
                            ? notes.getOrDefault(each.getKey(), "")
                            : advance.note();
            offsets.put(each.getKey(), new OffsetAndMetadata(advance.offset(), note));
            advance.refused().forEach((record, why) -> dead.add(letter(record, why)));
            done += advance.done();
        }
        long asked = ticker.nanos();
        try {
            if (dead.isEmpty()) {
                consumer.commitSync(offsets);
            } else {
                letters.post(dead, offsets, consumer);
            }
            confirmed = asked;
        } catch (RebalanceInProgressException _) {
            return false; // after the next poll
        } catch (RetriableException e) {
            figures.held("offsets cannot be committed: " + e.getMessage());
            return false;
        }
        batch.committed(advances);
        offsets.forEach(
                (place, commit) -> {
                    committed.put(place, commit.offset());
                    notes.put(place, commit.metadata());
                });
        figures.committed(done, dead.size());
        return true;
    }

    private SinkRecord letter(Polled record, Failure why) {
        return records.record(record.delivery(), settings.name(), why, ticker.now());
    }

    /** Behind the last record may stand markers of transactions: they are done as well. */
    private void commitPositions() {
        if (ticker.nanos() - nextCommit < 0) {
            return;
        }
        nextCommit = ticker.nanos() + COMMIT_EVERY.toNanos();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition place : consumer.assignment()) {
            Long known = committed.get(place);
            if (known != null && !fresh.contains(place)) {
                long position = consumer.position(place);
                if (position > Math.max(0, known)) {
                    offsets.put(
                            place, new OffsetAndMetadata(position, notes.getOrDefault(place, "")));
                }
            }
        }
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets);
            offsets.forEach((place, commit) -> committed.put(place, commit.offset()));
        } catch (RebalanceInProgressException _) {
            nextCommit = ticker.nanos(); // after the next poll
        } catch (RetriableException e) {
            figures.held("offsets cannot be committed: " + e.getMessage());
        }
    }

    private void look() {
        if (ticker.nanos() - nextLook < 0) {
            return;
        }
        Flight open = flight;
        nextLook = ticker.nanos() + (open == null ? IDLE : LOOK_EVERY).toNanos();
        long lag = (long) gathered.size() + (open == null ? 0 : open.batch().open());
        assigned |= !consumer.assignment().isEmpty();
        lag = assigned ? lag : -1; // as long as it never had a place nothing is known
        for (TopicPartition place : consumer.assignment()) {
            OptionalLong behind = consumer.currentLag(place);
            lag = behind.isEmpty() || lag < 0 ? -1 : lag + behind.getAsLong();
        }
        long oldest =
                open != null
                        ? open.batch().oldest()
                        : gathered.isEmpty()
                                ? Long.MAX_VALUE
                                : gathered.getFirst().delivery().timestamp();
        figures.place(consumer.assignment().size(), lag, oldest);
    }

    /** Waits for what is being written, commits it, and gives up the rest. */
    private void settle(Duration wait) throws InterruptedException {
        Flight open = flight;
        if (open == null) {
            return;
        }
        if (!open.await(wait)) {
            open.cancel();
        }
        flight = null;
        boolean _ = commit(open.batch());
    }

    /** Reading goes on where the books say, not where the consumer is. */
    private void rewind(Map<TopicPartition, Long> uncommitted) {
        Map<TopicPartition, Long> positions = positions(gathered);
        uncommitted.forEach((place, offset) -> positions.merge(place, offset, Math::min));
        gathered.clear();
        positions.forEach(
                (place, offset) -> {
                    if (consumer.assignment().contains(place)) {
                        consumer.seek(place, offset);
                    }
                });
    }

    /** The first record of each partition. */
    private static Map<TopicPartition, Long> positions(List<Polled> records) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (Polled each : records) {
            positions.merge(each.place(), each.offset(), Math::min);
        }
        return positions;
    }

    @Override
    public void close() {
        try {
            Flight open = flight;
            if (open != null) {
                open.cancel();
            }
            Set.copyOf(consumer.assignment()).forEach(target::released);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            letters.close();
            consumer.close(LEAVE);
        }
    }

    /** Partitions come and go, within a poll. */
    private final class Movement implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> places) {
            fresh.addAll(places);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> places) {
            leave(places, LEAVING);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> places) {
            leave(places, Duration.ZERO);
        }

        private void leave(Collection<TopicPartition> places, Duration wait) {
            try {
                Flight open = flight;
                boolean lost = wait.isZero();
                if (open != null && !places.isEmpty()) {
                    if (lost || !open.await(wait)) {
                        open.cancel();
                    }
                    flight = null;
                    boolean _ = !lost && commit(open.batch());
                    rewind(open.batch().uncommitted());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (KafkaException e) {
                figures.held("offsets cannot be committed: " + e.getMessage());
            }
            gathered.removeIf(each -> places.contains(each.place()));
            fresh.removeAll(places);
            committed.keySet().removeAll(places);
            notes.keySet().removeAll(places);
            places.forEach(target::released);
        }
    }
}
