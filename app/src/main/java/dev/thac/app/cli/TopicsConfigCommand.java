package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code thac topics config}. */
@Command(
        name = "config",
        header = "Show and change the settings of a topic.",
        description =
                "All settings, those of the topic itself marked with *. With --set or --unset:"
                        + " changes them first, all or none.",
        mixinStandardHelpOptions = true)
final class TopicsConfigCommand implements Callable<Integer> {

    private static final int LOOKS = 50;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Terminal terminal;

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Give it this setting, for example retention.ms=86400000; repeatable.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--unset",
            paramLabel = "KEY",
            description = "Let the brokers' setting hold again; repeatable.")
    private List<String> unset = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    TopicsConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        try (Admin admin = access.admin()) {
            Map<String, ConfigEntry> before = settings(access, admin);
            if (!set.isEmpty() || !unset.isEmpty()) {
                change(access, admin, before);
            }
            print(set.isEmpty() && unset.isEmpty() ? before : changed(access, admin));
        }
        return ExitCode.OK.number();
    }

    /** A broker shows a change a moment after it is made. */
    private Map<String, ConfigEntry> changed(KafkaAccess access, Admin admin)
            throws InterruptedException {
        Map<String, ConfigEntry> now = settings(access, admin);
        for (int look = 0; look < LOOKS && !shown(now); look++) {
            Thread.sleep(BETWEEN_LOOKS);
            now = settings(access, admin);
        }
        return now;
    }

    private boolean shown(Map<String, ConfigEntry> now) {
        return set.entrySet().stream()
                        .allMatch(
                                each -> {
                                    ConfigEntry entry = now.get(each.getKey());
                                    return entry != null && each.getValue().equals(entry.value());
                                })
                && unset.stream().map(now::get).noneMatch(entry -> entry != null && own(entry));
    }

    private Map<String, ConfigEntry> settings(KafkaAccess access, Admin admin)
            throws InterruptedException {
        try {
            Config config =
                    access.await(admin.describeConfigs(List.of(resource())).all())
                            .getOrDefault(resource(), new Config(List.of()));
            Map<String, ConfigEntry> settings = new TreeMap<>();
            config.entries().forEach(entry -> settings.put(entry.name(), entry));
            return settings;
        } catch (UnknownTopicOrPartitionException e) {
            throw new UserError(
                    ExitCode.FAILED,
                    "there is no topic " + topic,
                    "`thac topics list` shows them",
                    e);
        }
    }

    private void change(KafkaAccess access, Admin admin, Map<String, ConfigEntry> known)
            throws InterruptedException {
        List<AlterConfigOp> changes = new ArrayList<>();
        set.forEach((name, value) -> changes.add(change(known, name, value)));
        unset.forEach(name -> changes.add(change(known, name, null)));
        access.await(admin.incrementalAlterConfigs(Map.of(resource(), changes)).all());
    }

    private static AlterConfigOp change(
            Map<String, ConfigEntry> known, String name, @Nullable String value) {
        if (!known.containsKey(name)) {
            throw new UserError(
                    ExitCode.FAILED,
                    "topics have no setting \"" + name + "\"",
                    "nothing was changed; without --set and --unset all settings are shown");
        }
        return new AlterConfigOp(
                new ConfigEntry(name, value),
                value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET);
    }

    private ConfigResource resource() {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static boolean own(ConfigEntry entry) {
        return entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
    }

    private void print(Map<String, ConfigEntry> settings) {
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("topic", topic);
            Map<String, Object> own = new LinkedHashMap<>();
            Map<String, Object> brokers = new LinkedHashMap<>();
            settings.values()
                    .forEach(
                            entry -> (own(entry) ? own : brokers).put(entry.name(), entry.value()));
            tree.put("settings", own);
            tree.put("fromBrokers", brokers);
            terminal.out().println(Json.pretty(tree));
            return;
        }
        settings.values()
                .forEach(
                        entry ->
                                terminal.out()
                                        .println(
                                                (own(entry) ? "* " : "  ")
                                                        + entry.name()
                                                        + " = "
                                                        + entry.value()));
    }
}
