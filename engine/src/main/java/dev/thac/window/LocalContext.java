package dev.thac.window;

import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.pipeline.ContextSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.Relayed;
import dev.thac.spec.CelText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * History per key in memory, from the records given one after the other: what the topology would
 * place beside them, for trying a pipeline without Kafka. Used by one thread.
 */
public final class LocalContext {

    private final Front front;
    private final @Nullable Histories histories;
    private final Map<String, byte[]> states = new HashMap<>();

    private LocalContext(Front front, @Nullable Histories histories) {
        this.front = front;
        this.histories = histories;
    }

    /**
     * That of a pipeline.
     *
     * @param flow its declaration
     * @param time what {@code source.time} says
     * @return one that leaves records as they are where the pipeline has no context
     */
    public static LocalContext of(FlowSpec flow, Optional<CelText> time) {
        Optional<ContextSpec> spec = flow.context();
        return new LocalContext(
                Front.of(flow, EventClock.trusting(time)),
                spec.isPresent() ? Histories.of(spec.get()) : null);
    }

    /**
     * The key of a record's history.
     *
     * @param delivery the record
     * @return the key's text; empty where it has none
     */
    public Optional<String> key(Delivery delivery) {
        if (histories == null || !(front.read(delivery) instanceof Front.Result.Taken taken)) {
            return Optional.empty();
        }
        return histories.key(taken.event()).map(key -> new String(key, StandardCharsets.UTF_8));
    }

    /**
     * Places a record's history beside it, and remembers the record.
     *
     * @param delivery the record
     * @return the same with its history
     */
    public Delivery place(Delivery delivery) {
        if (histories == null || !(front.read(delivery) instanceof Front.Result.Taken taken)) {
            return delivery;
        }
        Optional<byte[]> key = histories.key(taken.event());
        if (key.isEmpty()) {
            return delivery;
        }
        String name = new String(key.get(), StandardCharsets.UTF_8);
        Histories.Met met = histories.meet(states.get(name), taken.event(), taken.time());
        states.put(name, met.history());
        List<Header> headers = new ArrayList<>(delivery.headers());
        headers.add(new Header(Relayed.CONTEXT, met.context()));
        return new Delivery(
                delivery.id(),
                delivery.timestamp(),
                delivery.key(),
                delivery.value(),
                headers,
                delivery.earlier());
    }
}
