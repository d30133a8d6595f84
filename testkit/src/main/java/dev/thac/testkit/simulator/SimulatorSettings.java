package dev.thac.testkit.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the simulator behaves.
 *
 * @param host the address to listen on
 * @param port 0 picks a free one
 * @param seed what random choices come from: the same requests get the same fates
 * @param latency how long calls take
 * @param errors which share of the calls goes wrong
 * @param retryAfter what a simulated 429 asks for
 * @param hangFor how long a hanging call is held before its connection is closed
 * @param limits the account's rate limits
 * @param spendCap the account's spend cap
 * @param key the only key accepted; empty accepts any key, but wants one
 * @param answers recorded answers; empty means heuristic answers
 * @param modelIds model ids by the names the recorded answers use
 * @param onMiss what happens to inputs that are not recorded
 * @param prices the price list of the bill
 */
public record SimulatorSettings(
        String host,
        int port,
        long seed,
        Latency latency,
        ErrorMix errors,
        Duration retryAfter,
        Duration hangFor,
        RateLimits limits,
        Optional<SpendCap> spendCap,
        Optional<String> key,
        Optional<Path> answers,
        Map<String, String> modelIds,
        OnMiss onMiss,
        Map<String, ModelPrice> prices) {

    /** Loopback, a free port, instant and faultless heuristic answers. */
    public static final SimulatorSettings DEFAULT =
            new SimulatorSettings(
                    "127.0.0.1",
                    0,
                    1,
                    new Latency.Fixed(Duration.ZERO),
                    ErrorMix.NONE,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(10),
                    RateLimits.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    OnMiss.HEURISTIC,
                    ModelPrice.EXAMPLES);

    /** Checks the port and copies the maps. */
    public SimulatorSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
        }
        modelIds = Map.copyOf(modelIds);
        prices = Map.copyOf(prices);
    }

    /** The same on another address. */
    public SimulatorSettings withHost(String value) {
        return copy().host(value).build();
    }

    /** The same on another port; 0 picks a free one. */
    public SimulatorSettings withPort(int value) {
        return copy().port(value).build();
    }

    /** The same with other random choices. */
    public SimulatorSettings withSeed(long value) {
        return copy().seed(value).build();
    }

    /** The same with another latency. */
    public SimulatorSettings withLatency(Latency value) {
        return copy().latency(value).build();
    }

    /** The same with other faults. */
    public SimulatorSettings withErrors(ErrorMix value) {
        return copy().errors(value).build();
    }

    /** The same with another {@code retry-after}. */
    public SimulatorSettings withRetryAfter(Duration value) {
        return copy().retryAfter(value).build();
    }

    /** The same with another limit on hanging. */
    public SimulatorSettings withHangFor(Duration value) {
        return copy().hangFor(value).build();
    }

    /** The same with other rate limits. */
    public SimulatorSettings withLimits(RateLimits value) {
        return copy().limits(value).build();
    }

    /** The same with another spend cap, or none. */
    public SimulatorSettings withSpendCap(Optional<SpendCap> value) {
        return copy().spendCap(value).build();
    }

    /** The same with another key; empty accepts any. */
    public SimulatorSettings withKey(Optional<String> value) {
        return copy().key(value).build();
    }

    /**
     * The same with recorded answers.
     *
     * @param value a file of JSON lines
     */
    public SimulatorSettings withAnswers(Path value) {
        return copy().answers(Optional.of(value)).build();
    }

    /** The same with names for models in recorded answers. */
    public SimulatorSettings withModelIds(Map<String, String> value) {
        return copy().modelIds(value).build();
    }

    /** The same with another fate for inputs that are not recorded. */
    public SimulatorSettings withOnMiss(OnMiss value) {
        return copy().onMiss(value).build();
    }

    /** The same with another price list. */
    public SimulatorSettings withPrices(Map<String, ModelPrice> value) {
        return copy().prices(value).build();
    }

    private SettingsCopy copy() {
        return new SettingsCopy(this);
    }
}
