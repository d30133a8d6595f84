package dev.thac.runtime;

import dev.thac.kafka.BrokerAbilities;
import dev.thac.spec.Secrets;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where and how a process runs pipelines.
 *
 * @param brokers bootstrap servers, HOST:PORT separated by commas
 * @param kafka client settings for every pipeline; those of a pipeline file win
 * @param instance what tells this process from the others of a pipeline. The same after a restart
 *     lets the brokers end at once what a crash left open; two processes must never share it
 * @param newTopicPartitions partitions of topics to create where they are missing; empty: a missing
 *     topic is an error
 * @param secrets reads what Kafka settings of pipeline files refer to
 * @param budgets what operators want of budgets, by name; the rest is as in the files
 * @param abilities what the brokers can do, where that is known; empty: a start looks
 */
public record RuntimeSettings(
        String brokers,
        Map<String, String> kafka,
        String instance,
        OptionalInt newTopicPartitions,
        Secrets secrets,
        Map<String, BudgetOrder> budgets,
        Optional<BrokerAbilities> abilities) {

    /** Copies the settings. */
    public RuntimeSettings {
        kafka = Map.copyOf(kafka);
        budgets = Map.copyOf(budgets);
    }

    /**
     * Settings with a random instance name; missing topics are an error.
     *
     * @param brokers bootstrap servers
     * @return the settings
     */
    public static RuntimeSettings of(String brokers) {
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        return new RuntimeSettings(
                brokers,
                Map.of(),
                random,
                OptionalInt.empty(),
                new Secrets(System.getenv(), Path.of("")),
                Map.of(),
                Optional.empty());
    }

    /**
     * The same, creating missing topics.
     *
     * @param partitions partitions of each
     * @return a copy
     */
    public RuntimeSettings creatingTopics(int partitions) {
        return new RuntimeSettings(
                brokers, kafka, instance, OptionalInt.of(partitions), secrets, budgets, abilities);
    }

    /**
     * The same with client settings.
     *
     * @param settings client settings
     * @return a copy
     */
    public RuntimeSettings withKafka(Map<String, String> settings) {
        return new RuntimeSettings(
                brokers, settings, instance, newTopicPartitions, secrets, budgets, abilities);
    }

    /**
     * The same with other secrets than those of this process' environment.
     *
     * @param others reads what Kafka settings of pipeline files refer to
     * @return a copy
     */
    public RuntimeSettings withSecrets(Secrets others) {
        return new RuntimeSettings(
                brokers, kafka, instance, newTopicPartitions, others, budgets, abilities);
    }

    /**
     * The same under a name that stays the same after a restart.
     *
     * @param name the instance name
     * @return a copy
     */
    public RuntimeSettings named(String name) {
        return new RuntimeSettings(
                brokers, kafka, name, newTopicPartitions, secrets, budgets, abilities);
    }

    /**
     * The same for brokers that nobody has to look at.
     *
     * @param known what they can do
     * @return a copy
     */
    public RuntimeSettings knowing(BrokerAbilities known) {
        return new RuntimeSettings(
                brokers, kafka, instance, newTopicPartitions, secrets, budgets, Optional.of(known));
    }

    /**
     * The same with what operators want of budgets.
     *
     * @param orders by the budgets' names
     * @return a copy
     */
    public RuntimeSettings ordered(Map<String, BudgetOrder> orders) {
        return new RuntimeSettings(
                brokers, kafka, instance, newTopicPartitions, secrets, orders, abilities);
    }
}
