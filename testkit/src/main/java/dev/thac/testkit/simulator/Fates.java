package dev.thac.testkit.simulator;

import dev.thac.testkit.answer.Hash;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Decides what happens to each call: what the script says, else what the dice say.
 *
 * <p>The dice depend on the seed, the request's bytes and how often these bytes came before, not on
 * the order in which calls arrive: the same workload meets the same faults however its calls
 * interleave. Thread-safe.
 */
final class Fates {

    private static final int REMEMBERED = 200_000;

    private final Map<Long, Integer> seen = new ConcurrentHashMap<>();
    private final Queue<Reply> next = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Optional<Function<CallView, Reply>>> script =
            new AtomicReference<>(Optional.empty());

    /** Queues a reply for a coming call; queued replies go before the script. */
    void enqueue(Reply reply) {
        next.add(reply);
    }

    /** Sets or removes the script. */
    void script(Optional<Function<CallView, Reply>> newScript) {
        script.set(newScript);
    }

    /**
     * The fate of one call.
     *
     * @param view made only if a script wants to see it
     */
    Plan of(SimulatorSettings settings, byte[] body, Supplier<CallView> view) {
        long random = settings.seed();
        boolean chance =
                !settings.errors().shares().isEmpty()
                        || !(settings.latency() instanceof Latency.Fixed);
        if (chance) {
            random = random(settings.seed(), body);
        }
        Duration latency = settings.latency().sample(share(random, 1), share(random, 2));
        Reply queued = next.poll();
        if (queued != null) {
            return Plan.of(queued, latency);
        }
        Optional<Function<CallView, Reply>> scripted = script.get();
        if (scripted.isPresent()) {
            return Plan.of(scripted.get().apply(view.get()), latency);
        }
        return new Plan(latency, settings.errors().draw(share(random, 3)), Optional.empty());
    }

    private long random(long seed, byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        long content = Hash.mix(crc.getValue() ^ (long) body.length << 32);
        if (seen.size() > REMEMBERED) {
            seen.clear();
        }
        int times = seen.merge(content, 1, Integer::sum);
        return Hash.mix(seed ^ content) + times;
    }

    private static double share(long random, int draw) {
        return (Hash.mix(random * 4 + draw) >>> 11) * 0x1.0p-53;
    }
}
