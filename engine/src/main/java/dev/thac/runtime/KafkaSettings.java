package dev.thac.runtime;

import dev.thac.spec.ProblemKind;
import dev.thac.spec.Secrets;

import java.util.Map;
import java.util.regex.Pattern;

/** Client settings passed through to Kafka: which belong to the runtime, and why. Stateless. */
final class KafkaSettings {

    private static final String COMMITS = "offsets are committed with the outputs they belong to";
    private static final String BYTES = "records are read and written as bytes; see source.format";
    private static final String GUARANTEES = "it follows from delivery";

    private static final Map<String, String> OWNED =
            Map.ofEntries(
                    Map.entry(
                            "bootstrap.servers",
                            "the brokers are given with --brokers or in thac.yaml"),
                    Map.entry("group.id", "it is source.group"),
                    Map.entry("client.id", "it is made of the pipeline, the instance and the lane"),
                    Map.entry("enable.auto.commit", COMMITS),
                    Map.entry("auto.commit.interval.ms", COMMITS),
                    Map.entry("auto.offset.reset", "it is source.start"),
                    Map.entry("isolation.level", "it is source.isolation"),
                    Map.entry("transactional.id", GUARANTEES),
                    Map.entry("enable.idempotence", GUARANTEES),
                    Map.entry("acks", GUARANTEES),
                    Map.entry("retries", GUARANTEES),
                    Map.entry("max.in.flight.requests.per.connection", GUARANTEES),
                    Map.entry("key.serializer", BYTES),
                    Map.entry("value.serializer", BYTES),
                    Map.entry("key.deserializer", BYTES),
                    Map.entry("value.deserializer", BYTES),
                    Map.entry("group.protocol", "the newest protocol the brokers speak is chosen"),
                    Map.entry(
                            "partition.assignment.strategy",
                            "partitions must move one by one, not all at once"),
                    Map.entry(
                            "max.poll.interval.ms",
                            "a lane never stops polling, however slow the models are"));

    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|jaas\\.config|secret|ssl\\.keystore\\.key|token)");

    private KafkaSettings() {}

    /** Checks the settings at {@code kafka}. */
    static void check(Map<String, String> settings, Findings findings) {
        settings.forEach(
                (name, value) -> {
                    String path = "kafka." + name;
                    String reason = OWNED.get(name);
                    if (reason != null) {
                        findings.atKey(
                                ProblemKind.OWNED_SETTING,
                                path,
                                "\"" + name + "\" is set by Thác itself: " + reason,
                                "remove it");
                    } else if (SECRET.matcher(name).matches() && !Secrets.refers(value)) {
                        findings.atKey(
                                ProblemKind.LITERAL_SECRET,
                                path,
                                "\"" + name + "\" must not hold the secret itself",
                                "write ${env:NAME} or ${file:path} where the secret stands");
                    }
                });
    }
}
