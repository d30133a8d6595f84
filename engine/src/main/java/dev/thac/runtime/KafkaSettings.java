package dev.thac.runtime;

import dev.thac.kafka.ClientSettings;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Secrets;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Client settings passed through to Kafka: which belong to the runtime, and why. Stateless. */
final class KafkaSettings {

    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|jaas\\.config|secret|ssl\\.keystore\\.key|token)");

    private KafkaSettings() {}

    /** Checks the settings at {@code kafka}. */
    static void check(Map<String, String> settings, Findings findings) {
        settings.forEach(
                (name, value) -> {
                    String path = "kafka." + name;
                    Optional<String> reason = ClientSettings.refusal(name);
                    if (reason.isPresent()) {
                        findings.atKey(
                                ProblemKind.OWNED_SETTING,
                                path,
                                "\"" + name + "\" is set by Thác itself: " + reason.get(),
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
