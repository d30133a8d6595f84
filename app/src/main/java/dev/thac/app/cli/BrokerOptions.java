package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.runtime.ProjectSpec;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options of every command that talks to brokers. */
final class BrokerOptions {

    @Option(
            names = {"-b", "--brokers"},
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers. Default: THAC_BROKERS, then brokers of thac.yaml.")
    private @Nullable String brokers;

    @Option(
            names = "-X",
            paramLabel = "KEY=VALUE",
            description = "A Kafka client setting, for example security.protocol=SSL.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /**
     * Where the brokers are and how to talk to them.
     *
     * @param terminal the environment
     * @param project the project file
     * @return the access
     * @throws UserError when no broker is named
     */
    KafkaAccess access(Terminal terminal, ProjectSpec project) {
        String named = brokers;
        if (named == null) {
            named = terminal.environment().get("THAC_BROKERS");
        }
        if (named == null || named.isBlank()) {
            named =
                    project.brokers()
                            .orElseThrow(
                                    () ->
                                            UserError.usage(
                                                    "no Kafka broker is named", KafkaAccess.HELP));
        }
        Map<String, String> all = new LinkedHashMap<>(project.kafka());
        all.putAll(settings);
        return new KafkaAccess(named, all);
    }

    /**
     * Whether any place names brokers.
     *
     * @param terminal the environment
     * @return true where {@link #access(Terminal)} has an answer
     */
    boolean given(Terminal terminal) {
        String named = terminal.environment().getOrDefault("THAC_BROKERS", "");
        return brokers != null
                || !named.isBlank()
                || ProjectFile.of(terminal).brokers().isPresent();
    }

    /**
     * The same for commands that belong to no pipeline file: {@code thac.yaml} is looked for from
     * the working folder upwards.
     *
     * @param terminal the environment
     * @return the access
     * @throws UserError when no broker is named
     */
    KafkaAccess access(Terminal terminal) {
        return access(terminal, ProjectFile.of(terminal));
    }
}
