package dev.thac.app.kafka;

import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Brokers and the settings to reach them with. Errors of the connection become {@link UserError}s.
 *
 * @param brokers bootstrap servers
 * @param settings further client settings
 */
public record KafkaAccess(String brokers, Map<String, String> settings) {

    /** Says what to do when no broker is named or none answers. */
    public static final String HELP =
            "give --brokers HOST:PORT, set THAC_BROKERS, or write `brokers:` into thac.yaml;"
                    + " `thac broker` starts one here";

    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    /** Copies the settings. */
    public KafkaAccess {
        settings = Map.copyOf(settings);
    }

    /** An admin client; the caller closes it. */
    public Admin admin() {
        return create(config -> Admin.create(config));
    }

    /** A consumer of bytes without a group; the caller closes it. */
    public Consumer<byte[], byte[]> consumer(Map<String, Object> further) {
        return create(
                config -> {
                    config.put("enable.auto.commit", false);
                    config.putAll(further);
                    return new KafkaConsumer<>(
                            config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                });
    }

    /** An idempotent producer of bytes; the caller closes it. */
    public Producer<byte[], byte[]> producer(Map<String, Object> further) {
        return create(
                config -> {
                    config.putAll(further);
                    return new KafkaProducer<>(
                            config, new ByteArraySerializer(), new ByteArraySerializer());
                });
    }

    /**
     * Waits for what an admin client asked.
     *
     * @throws UserError when no broker answers
     * @throws KafkaException what the broker said
     */
    public <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TimeoutException timeout -> throw unreachable(timeout);
                case KafkaException refused -> throw refused;
                case null, default -> throw new KafkaException(e.getCause());
            }
        }
    }

    /** The error for brokers that do not answer. */
    public UserError unreachable(Throwable cause) {
        return UserError.unreachable(
                "no Kafka broker answers at " + brokers + " (waited " + TIMEOUT.toSeconds() + " s)",
                "is it running, and is the address right?  " + HELP,
                cause);
    }

    private <T> T create(Function<Map<String, Object>, T> client) {
        Map<String, Object> config = new HashMap<>();
        config.put("client.id", "thac-cli");
        config.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
        config.put("request.timeout.ms", (int) TIMEOUT.toMillis() / 2);
        config.putAll(settings);
        config.put("bootstrap.servers", brokers);
        try {
            return client.apply(config);
        } catch (ConfigException e) {
            throw UserError.usage(
                    "Kafka refuses a client setting: " + e.getMessage(),
                    "look at --brokers, -X and `kafka:` in thac.yaml");
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw UserError.unreachable(
                    "cannot talk to Kafka at " + brokers + ": " + cause.getMessage(), HELP, e);
        }
    }
}
