package dev.thac.app.dev;

import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineSpec;
import dev.thac.sink.SinkSpec;
import dev.thac.sink.WebhookSinkSpec;
import dev.thac.spec.Secret;
import dev.thac.spec.Secrets;
import dev.thac.testkit.webhook.WebhookReceiver;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The webhooks of {@code thac dev}: one receiver in place of all that a pipeline's sinks call,
 * which shows each call in one line. Started when a pipeline first needs it. Used by one thread.
 */
final class DevWebhooks implements AutoCloseable {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([^}]+)\\}");
    private static final String MADE_UP = "made-up-secret-of-thac-dev";

    private final Map<String, String> environment;
    private final Consumer<String> show;
    private final List<String> madeUp = new ArrayList<>();
    private @Nullable WebhookReceiver receiver;

    /**
     * None yet.
     *
     * @param environment the variables there are
     * @param show called with a line for each call, one after the other
     */
    DevWebhooks(Map<String, String> environment, Consumer<String> show) {
        this.environment = Map.copyOf(environment);
        this.show = show;
    }

    /**
     * The same files with webhooks of our own in place of the declared ones.
     *
     * @param loaded the pipeline file, without problems
     * @return a copy; itself where the pipeline calls no webhook
     */
    Loaded over(Loaded loaded) {
        PipelineSpec spec = loaded.orThrow();
        if (spec.sinks().stream().allMatch(sink -> sink.webhook().isEmpty())) {
            return loaded;
        }
        URI ours = receiver().uri();
        List<SinkSpec> sinks = spec.sinks().stream().map(sink -> at(ours, sink)).toList();
        return new Loaded(
                Optional.of(DevPipeline.withSinks(spec, sinks)),
                loaded.project(),
                loaded.file(),
                loaded.problems());
    }

    /** The secrets of the environment, and made-up ones for webhooks whose own is not there. */
    Secrets secrets() {
        Map<String, String> all = new HashMap<>(environment);
        madeUp.forEach(name -> all.put(name, MADE_UP));
        return new Secrets(all, Path.of(""));
    }

    /** Where the receiver is; empty where none was needed. */
    Optional<String> address() {
        return Optional.ofNullable(receiver).map(each -> each.uri().toString());
    }

    /** What it is, for people. */
    String note() {
        return "in place of the webhooks of sinks"
                + (madeUp.isEmpty()
                        ? ""
                        : "; "
                                + String.join(", ", madeUp)
                                + " not set: made up, \""
                                + MADE_UP
                                + '"');
    }

    private SinkSpec at(URI ours, SinkSpec sink) {
        return new SinkSpec(
                sink.name(),
                sink.from(),
                sink.jdbc(),
                sink.webhook().map(declared -> at(ours.resolve(sink.label()), declared)),
                sink.file());
    }

    private WebhookSinkSpec at(URI ours, WebhookSinkSpec declared) {
        declared.secret().ifPresent(this::provide);
        return new WebhookSinkSpec(
                ours.toString(),
                declared.secret(),
                declared.headers(),
                declared.timeout(),
                declared.calls());
    }

    private void provide(Secret secret) {
        Matcher variable = VARIABLE.matcher(secret.reference());
        if (variable.matches()
                && environment.getOrDefault(variable.group(1), "").isBlank()
                && !madeUp.contains(variable.group(1))) {
            madeUp.add(variable.group(1));
        }
    }

    private WebhookReceiver receiver() {
        WebhookReceiver running = receiver;
        if (running == null) {
            running = WebhookReceiver.start(0);
            running.listen(
                    call -> show.accept("webhook " + call.path().substring(1) + " " + call.text()));
            receiver = running;
        }
        return running;
    }

    /** Stops the receiver. */
    @Override
    public void close() {
        WebhookReceiver running = receiver;
        if (running != null) {
            receiver = null;
            running.close();
        }
    }
}
