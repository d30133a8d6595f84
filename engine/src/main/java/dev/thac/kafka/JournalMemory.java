package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.RecordId;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers read from the journal for events that are unfinished, until these are settled or their
 * partition leaves. Thread-safe: one lock; while nothing is held and nothing is being read, which
 * is nearly always, every method returns without it.
 */
final class JournalMemory {

    private static final int ENTRY_BYTES = 160;
    private static final int CHUNK_BITS = 16;

    private final long maxBytes;
    private final List<String> retryTopics;
    private final Map<TopicPartition, Interest> interests = new HashMap<>();
    private final Map<RecordId, Entry> entries = new HashMap<>();
    private long bytes;
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean quiet = true;

    /** What became of a record of the journal. */
    enum Offer {
        /** Its event is unfinished: the answer is held. */
        HELD,
        /** Nobody needs it. */
        UNWANTED,
        /** It is needed, and there is no room. */
        NO_ROOM
    }

    /** One answer, as it was read: a tree of it would take twice the room; several are a list. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Entry(String question, int pass, byte[] value, @Nullable Entry next) {}

    /** An assigned partition, and which of its events were settled since it is being read. */
    private static final class Interest {
        private final Object owner;
        private final Recovery.Unfinished unfinished;
        private boolean reading = true;
        private final Map<Long, BitSet> settled = new HashMap<>();
        private final Set<RecordId> settledRetries = new HashSet<>();

        Interest(Object owner, Recovery.Unfinished unfinished) {
            this.owner = owner;
            this.unfinished = unfinished;
        }

        /** An event of a retry topic: which of them are unfinished is not known. */
        boolean wantsRetry(RecordId event) {
            return !settledRetries.contains(event);
        }

        boolean wants(long offset) {
            BitSet chunk = settled.get(offset >> CHUNK_BITS);
            return offset >= unfinished.from()
                    && !unfinished.finished().test(offset)
                    && (chunk == null || !chunk.get((int) (offset & ((1 << CHUNK_BITS) - 1))));
        }

        void settled(long offset) {
            settled.computeIfAbsent(offset >> CHUNK_BITS, _ -> new BitSet())
                    .set((int) (offset & ((1 << CHUNK_BITS) - 1)));
        }
    }

    JournalMemory(JournalSettings settings, Meters meters) {
        this.maxBytes = settings.maxBytes().bytes();
        this.retryTopics = settings.retryTopics();
        meters.gauge(Metric.JOURNAL_HELD, this::held, settings.pipeline());
    }

    /** A partition was assigned and the journal is about to be read for it. */
    synchronized void begin(Object owner, Recovery.Unfinished unfinished) {
        TopicPartition partition = new TopicPartition(unfinished.topic(), unfinished.partition());
        interests.put(partition, new Interest(owner, unfinished));
        tidy();
    }

    /** The journal is not read for a partition any more; what was found stays. */
    synchronized void readUp(Object owner, TopicPartition partition) {
        Interest interest = interests.get(partition);
        if (interest != null && interest.owner.equals(owner)) {
            interest.reading = false;
            interest.settled.clear();
            interest.settledRetries.clear();
        }
        quiet = quiet();
    }

    /** The assignment of a partition ended. */
    synchronized void end(Object owner, TopicPartition partition) {
        Interest interest = interests.get(partition);
        if (interest != null && interest.owner.equals(owner)) {
            interests.remove(partition);
            tidy();
        }
    }

    /** A record of the journal. */
    synchronized Offer offer(JournalRecord.Key key, int pass, byte[] value) {
        RecordId event = key.event();
        if (!wanted(event, pass)) {
            return Offer.UNWANTED;
        }
        Entry first = entries.get(event);
        for (Entry entry = first; entry != null; entry = entry.next) {
            if (entry.question.equals(key.question())) {
                return Offer.HELD;
            }
        }
        int size = ENTRY_BYTES + key.question().length() + value.length;
        if (bytes + size > maxBytes) {
            return Offer.NO_ROOM;
        }
        bytes += size;
        held.incrementAndGet();
        entries.put(event, new Entry(key.question(), pass, value, first));
        quiet = false;
        return Offer.HELD;
    }

    /** Whether answers about an event are needed. */
    synchronized boolean wants(RecordId event, int pass) {
        return wanted(event, pass);
    }

    Optional<byte[]> find(RecordId event, String question) {
        if (quiet) {
            return Optional.empty();
        }
        synchronized (this) {
            for (Entry entry = entries.get(event); entry != null; entry = entry.next) {
                if (entry.question.equals(question)) {
                    return Optional.of(entry.value);
                }
            }
            return Optional.empty();
        }
    }

    /** An event has its outcome: its answers go, and none that comes later is wanted. */
    void settled(Delivery event) {
        if (quiet) {
            return;
        }
        RecordId id = event.id();
        synchronized (this) {
            drop(entries.remove(id));
            int pass = event.earlier().pass();
            Interest interest = interest(id, pass);
            if (interest != null && interest.reading) {
                if (pass == 0) {
                    interest.settled(id.offset());
                } else {
                    interest.settledRetries.add(id);
                }
            }
            quiet = quiet();
        }
    }

    /** How many answers are held. */
    int held() {
        return held.get();
    }

    private boolean wanted(RecordId event, int pass) {
        Interest interest = interest(event, pass);
        return interest != null
                && (pass == 0 ? interest.wants(event.offset()) : interest.wantsRetry(event));
    }

    /** The partition from which an event comes in that pass, if it is assigned here. */
    private @Nullable Interest interest(RecordId event, int pass) {
        if (pass > retryTopics.size()) {
            return null;
        }
        String topic = pass == 0 ? event.topic() : retryTopics.get(pass - 1);
        return interests.get(new TopicPartition(topic, event.partition()));
    }

    private void tidy() {
        entries.entrySet()
                .removeIf(
                        each -> {
                            boolean unwanted = !wanted(each.getKey(), each.getValue().pass);
                            if (unwanted) {
                                drop(each.getValue());
                            }
                            return unwanted;
                        });
        quiet = quiet();
    }

    private void drop(@Nullable Entry first) {
        for (Entry entry = first; entry != null; entry = entry.next) {
            bytes -= ENTRY_BYTES + entry.question.length() + entry.value.length;
            held.decrementAndGet();
        }
    }

    private boolean quiet() {
        if (!entries.isEmpty()) {
            return false;
        }
        for (Interest interest : interests.values()) {
            if (interest.reading) {
                return false;
            }
        }
        return true;
    }
}
