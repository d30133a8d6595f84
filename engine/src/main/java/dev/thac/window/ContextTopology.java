package dev.thac.window;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;
import dev.thac.pipeline.ContextSpec;
import dev.thac.recover.Relayed;
import dev.thac.recover.RetryRecords;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Brings every record of the source to the context topic: events of the pipeline with the history
 * of their key in a header, all others as they are, so that the lanes give each its one outcome.
 * Key, value and headers stay, and the original coordinates go along. Events meet their history in
 * the partition of their key, in the order in which the source partition has them.
 */
public final class ContextTopology {

    private static final String STORE = "history";
    private static final String SOURCE_KEY = "thac.context.source-key";
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);
    private static final int TIDY_MOST = 10_000;

    private final Front front;
    private final Histories histories;
    private final Place place;
    private final LongAdder read = new LongAdder();

    /**
     * Where the topology stands.
     *
     * @param sources the topics of the pipeline
     * @param topic the context topic
     * @param keyed whether the source is one topic whose partitions follow the context's key
     *     already
     * @param from records of before that time are passed over; the earliest: none
     */
    public record Place(List<String> sources, String topic, boolean keyed, long from) {
        /** Copies the list. */
        public Place {
            sources = List.copyOf(sources);
        }
    }

    /** A record on its way to the context topic: its key, and the partition it goes to. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Home(byte @Nullable [] key, int partition) {}

    private ContextTopology(Front front, Histories histories, Place place) {
        this.front = front;
        this.histories = histories;
        this.place = place;
    }

    /**
     * Compiles.
     *
     * @param front what is done with a record first
     * @param spec the declaration
     * @param place where it stands
     * @return the topology's parts
     */
    public static ContextTopology of(Front front, ContextSpec spec, Place place) {
        return new ContextTopology(front, Histories.of(spec), place);
    }

    /**
     * Records of the source that were read so far by this process.
     *
     * @return how many
     */
    public long read() {
        return read.sum();
    }

    /**
     * The topology.
     *
     * @return to be run by a {@link StreamsRunner}
     */
    public Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(STORE),
                                Serdes.ByteArray(),
                                Serdes.ByteArray())
                        .withCachingEnabled());
        KStream<byte[], byte[]> source =
                builder.stream(
                        Set.copyOf(place.sources()),
                        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                                .withTimestampExtractor(ContextTopology::time)
                                .withName("source"));
        KStream<Home, byte[]> placed;
        if (place.keyed()) {
            placed = source.process(() -> new Meeting(true), Named.as("meet"), STORE);
        } else {
            Map<String, KStream<byte[], byte[]>> ways =
                    source.process(Reading::new, Named.as("read"))
                            .split(Named.as("way-"))
                            .branch((key, _) -> key != null, Branched.as("keyed"))
                            .defaultBranch(Branched.as("others"));
            KStream<Home, byte[]> met =
                    way(ways, "way-keyed")
                            .repartition(
                                    Repartitioned.with(Serdes.ByteArray(), Serdes.ByteArray())
                                            .withName("by-key"))
                            .process(() -> new Meeting(false), Named.as("meet"), STORE);
            placed = way(ways, "way-others").process(Passing::new, Named.as("pass")).merge(met);
        }
        placed.to(
                place.topic(),
                Produced.with(keys(), Serdes.ByteArray())
                        .withStreamPartitioner(
                                (_, home, _, partitions) ->
                                        Optional.of(Set.of(home.partition() % partitions))));
        return builder.build();
    }

    private static KStream<byte[], byte[]> way(
            Map<String, KStream<byte[], byte[]>> ways, String name) {
        KStream<byte[], byte[]> way = ways.get(name);
        if (way == null) {
            throw new IllegalStateException("there is no way " + name);
        }
        return way;
    }

    private static Serde<Home> keys() {
        return Serdes.serdeFrom(
                (_, home) -> home == null ? null : home.key(),
                (_, _) -> {
                    throw new IllegalStateException("nobody reads these here");
                });
    }

    /** Records without a time have the earliest. */
    private static long time(ConsumerRecord<Object, Object> record, long newest) {
        return Math.max(0, record.timestamp());
    }

    /** The event of a record; null where it is none that has a history. */
    private Front.Result.@Nullable Taken taken(Delivery delivery) {
        return front.read(delivery) instanceof Front.Result.Taken taken ? taken : null;
    }

    private static Delivery delivery(
            RecordMetadata from, Record<byte[], byte[]> record, byte @Nullable [] key) {
        return new Delivery(
                new RecordId(from.topic(), from.partition(), from.offset()),
                record.timestamp(),
                key,
                record.value(),
                headers(record.headers()));
    }

    private static List<Header> headers(Headers headers) {
        List<Header> ours = new ArrayList<>();
        headers.forEach(header -> ours.add(new Header(header.key(), header.value())));
        return ours;
    }

    private static RecordHeaders headers(List<Header> headers) {
        RecordHeaders theirs = new RecordHeaders();
        headers.forEach(header -> theirs.add(header.key(), header.value()));
        return theirs;
    }

    private static RecordMetadata where(ProcessorContext<?, ?> context) {
        return context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record comes from somewhere"));
    }

    /** Names each record of the source by its history's key; null: it has none. */
    private final class Reading implements Processor<byte[], byte[], byte[], byte[]> {
        private @Nullable ProcessorContext<byte[], byte[]> context;

        @Override
        public void init(ProcessorContext<byte[], byte[]> begun) {
            context = begun;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<byte[], byte[]> here = begun(context);
            if (record.timestamp() < place.from()) {
                return;
            }
            read.increment();
            Delivery delivery = delivery(where(here), record, record.key());
            Front.Result.Taken taken = taken(delivery);
            Optional<byte[]> key = taken == null ? Optional.empty() : histories.key(taken.event());
            List<Header> headers = Relayed.headers(delivery);
            headers.add(new Header(SOURCE_KEY, record.key()));
            here.forward(
                    new Record<>(
                            key.orElse(null),
                            record.value(),
                            record.timestamp(),
                            headers(headers)));
        }
    }

    /** Sends on what has no history, to the partition of the same number. */
    private static final class Passing implements Processor<byte[], byte[], Home, byte[]> {
        private @Nullable ProcessorContext<Home, byte[]> context;

        @Override
        public void init(ProcessorContext<Home, byte[]> begun) {
            context = begun;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<Home, byte[]> here = begun(context);
            Headers headers = headers(headers(record.headers()));
            byte[] key = takeKey(headers);
            here.forward(
                    new Record<>(
                            new Home(key, where(here).partition()),
                            record.value(),
                            record.timestamp(),
                            headers));
        }
    }

    /** Brings events together with the history of their key. */
    private final class Meeting implements Processor<byte[], byte[], Home, byte[]> {
        private final boolean first;
        private @Nullable ProcessorContext<Home, byte[]> context;
        private @Nullable KeyValueStore<byte[], byte[]> store;
        private byte @Nullable [] tidied;

        /**
         * @param first whether the records come from the source itself
         */
        Meeting(boolean first) {
            this.first = first;
        }

        @Override
        public void init(ProcessorContext<Home, byte[]> begun) {
            context = begun;
            store = begun.getStateStore(STORE);
            begun.schedule(TIDY_EVERY, PunctuationType.WALL_CLOCK_TIME, _ -> tidy());
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<Home, byte[]> here = begun(context);
            KeyValueStore<byte[], byte[]> histories = begun(store);
            if (first && record.timestamp() < place.from()) {
                return;
            }
            Delivery delivery = original(here, record);
            List<Header> headers = Relayed.headers(delivery);
            Front.Result.Taken taken = taken(delivery);
            if (taken != null) {
                meet(histories, taken.event(), taken.time(), headers);
            }
            here.forward(
                    new Record<>(
                            new Home(delivery.key(), where(here).partition()),
                            record.value(),
                            record.timestamp(),
                            headers(headers)));
        }

        private Delivery original(
                ProcessorContext<Home, byte[]> here, Record<byte[], byte[]> record) {
            if (first) {
                read.increment();
                return delivery(where(here), record, record.key());
            }
            Headers headers = headers(headers(record.headers()));
            byte[] key = takeKey(headers);
            Record<byte[], byte[]> whole =
                    new Record<>(record.key(), record.value(), record.timestamp(), headers);
            return RetryRecords.returned(delivery(where(here), whole, key))
                    .orElseThrow(
                            () -> new IllegalStateException("a record without its coordinates"));
        }

        private void meet(
                KeyValueStore<byte[], byte[]> store, Event event, long time, List<Header> headers) {
            Optional<byte[]> key = histories.key(event);
            if (key.isPresent()) {
                Histories.Met met = histories.meet(store.get(key.get()), event, time);
                store.put(key.get(), met.history());
                headers.add(new Header(Relayed.CONTEXT, met.context()));
                headers.add(new Header(Relayed.KEY, key.get()));
            }
        }

        /** Forgets a few of the keys that were silent for long, and goes on there next time. */
        private void tidy() {
            KeyValueStore<byte[], byte[]> all = begun(store);
            long now = begun(context).currentStreamTimeMs();
            List<byte[]> silent = new ArrayList<>();
            byte[] at = tidied;
            int seen = 0;
            try (KeyValueIterator<byte[], byte[]> each =
                    at == null ? all.all() : all.range(at, null)) {
                at = null;
                while (each.hasNext()) {
                    KeyValue<byte[], byte[]> entry = each.next();
                    if (seen++ == TIDY_MOST) {
                        at = entry.key;
                        break;
                    }
                    if (histories.forgotten(entry.value, now)) {
                        silent.add(entry.key);
                    }
                }
            }
            tidied = at;
            silent.forEach(all::delete);
        }
    }

    private static byte @Nullable [] takeKey(Headers headers) {
        org.apache.kafka.common.header.Header key = headers.lastHeader(SOURCE_KEY);
        headers.remove(SOURCE_KEY);
        return key == null ? null : key.value();
    }

    private static <T> T begun(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not begun");
        }
        return part;
    }
}
