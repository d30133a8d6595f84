package dev.thac.testkit.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Settings in the making, so that each {@code with} method names only what it changes. */
@SuppressWarnings("OptionalUsedAsFieldOrParameterType") // mirrors the record's components
final class SettingsCopy {

    private String host;
    private int port;
    private long seed;
    private Latency latency;
    private ErrorMix errors;
    private Duration retryAfter;
    private Duration hangFor;
    private RateLimits limits;
    private Optional<SpendCap> spendCap;
    private Optional<String> key;
    private Optional<Path> answers;
    private Map<String, String> modelIds;
    private OnMiss onMiss;
    private Map<String, ModelPrice> prices;

    /** Starts from the given settings. */
    SettingsCopy(SimulatorSettings from) {
        host = from.host();
        port = from.port();
        seed = from.seed();
        latency = from.latency();
        errors = from.errors();
        retryAfter = from.retryAfter();
        hangFor = from.hangFor();
        limits = from.limits();
        spendCap = from.spendCap();
        key = from.key();
        answers = from.answers();
        modelIds = from.modelIds();
        onMiss = from.onMiss();
        prices = from.prices();
    }

    SettingsCopy host(String value) {
        host = value;
        return this;
    }

    SettingsCopy port(int value) {
        port = value;
        return this;
    }

    SettingsCopy seed(long value) {
        seed = value;
        return this;
    }

    SettingsCopy latency(Latency value) {
        latency = value;
        return this;
    }

    SettingsCopy errors(ErrorMix value) {
        errors = value;
        return this;
    }

    SettingsCopy retryAfter(Duration value) {
        retryAfter = value;
        return this;
    }

    SettingsCopy hangFor(Duration value) {
        hangFor = value;
        return this;
    }

    SettingsCopy limits(RateLimits value) {
        limits = value;
        return this;
    }

    SettingsCopy spendCap(Optional<SpendCap> value) {
        spendCap = value;
        return this;
    }

    SettingsCopy key(Optional<String> value) {
        key = value;
        return this;
    }

    SettingsCopy answers(Optional<Path> value) {
        answers = value;
        return this;
    }

    SettingsCopy modelIds(Map<String, String> value) {
        modelIds = value;
        return this;
    }

    SettingsCopy onMiss(OnMiss value) {
        onMiss = value;
        return this;
    }

    SettingsCopy prices(Map<String, ModelPrice> value) {
        prices = value;
        return this;
    }

    /** The finished settings. */
    SimulatorSettings build() {
        return new SimulatorSettings(
                host,
                port,
                seed,
                latency,
                errors,
                retryAfter,
                hangFor,
                limits,
                spendCap,
                key,
                answers,
                modelIds,
                onMiss,
                prices);
    }
}
