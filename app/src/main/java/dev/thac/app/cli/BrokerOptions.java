package dev.thac.app.cli;

import dev.thac.runtime.ProjectSpec;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options of every command that talks to brokers. */
final class BrokerOptions {

    /** Says what to do when no broker is named. */
    static final String HELP =
            "give --brokers HOST:PORT, set THAC_BROKERS, or write `brokers:` into thac.yaml;"
                    + " `thac broker` starts one here";

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
                            .orElseThrow(() -> UserError.usage("no Kafka broker is named", HELP));
        }
        Map<String, String> all = new LinkedHashMap<>(project.kafka());
        all.putAll(settings);
        return new KafkaAccess(named, all);
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
