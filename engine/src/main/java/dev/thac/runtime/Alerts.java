package dev.thac.runtime;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.kafka.AcknowledgedWriter;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.ModelSpec;
import dev.thac.observe.AlertCourier;
import dev.thac.observe.AlertEvaluator;
import dev.thac.observe.AlertMessage;
import dev.thac.observe.AlertRule;
import dev.thac.observe.AlertRules;
import dev.thac.observe.AlertSpec;
import dev.thac.observe.AlertStatus;
import dev.thac.observe.Selection;
import dev.thac.observe.UndeliveredException;
import dev.thac.observe.Webhook;
import dev.thac.observe.WebhookAlertSpec;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Secrets;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The alerts of a running pipeline: one thread looks at the figures from time to time, one courier
 * for each destination takes the messages there. Thread-safe.
 */
public final class Alerts implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Alerts.class);

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final AlertEvaluator evaluator;
    private final Map<Object, AlertCourier> couriers = new HashMap<>();
    private final Ticker ticker;
    private final Thread thread;

    private Alerts(AlertEvaluator.Site site, List<AlertRule> rules, Meters meters, Ticker ticker) {
        this.ticker = ticker;
        this.evaluator = new AlertEvaluator(site, rules, meters::samples, ticker, this::send);
        this.thread =
                Thread.ofPlatform()
                        .name("thac-alerts-" + site.pipeline())
                        .daemon()
                        .unstarted(this::run);
        for (AlertRule rule : rules) {
            meters.gauge(
                    Metric.ALERT_STATE,
                    () -> evaluator.phase(rule.name()).figure(),
                    site.pipeline(),
                    rule.name());
        }
    }

    /**
     * The alerts of a pipeline, and whose series they look at.
     *
     * @param rules the alerts; where the file has none, every built-in alert that fits
     * @param selection the pipeline's series
     */
    public record Plan(List<AlertRule> rules, Selection selection) {

        /** Copies the rules. */
        public Plan {
            rules = List.copyOf(rules);
        }
    }

    /**
     * The alerts of a pipeline as Prometheus should evaluate them.
     *
     * @param spec the pipeline, checked
     * @param project the project it belongs to
     * @return its own alerts; where it has none, every built-in alert that fits
     */
    public static Plan plan(PipelineSpec spec, ProjectSpec project) {
        Map<String, AlertSpec> alerts = spec.alerts();
        AlertRules.Parts parts = parts(spec, project);
        return new Plan(
                alerts.isEmpty() ? AlertRules.builtIn(parts) : AlertRules.of(alerts, parts),
                new Selection(Optional.of(spec.pipeline()), models(spec, project)));
    }

    /**
     * What a file asks for, not started.
     *
     * @return the alerts; empty where the file has none
     * @throws ThacException BAD_SPEC when a secret is not there
     */
    static Optional<Alerts> of(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters,
            Ticker ticker) {
        if (spec.alerts().isEmpty()) {
            return Optional.empty();
        }
        List<AlertRule> rules = AlertRules.of(spec.alerts(), parts(spec, project));
        Alerts alerts =
                new Alerts(
                        new AlertEvaluator.Site(
                                spec.pipeline(), settings.instance(), models(spec, project)),
                        rules,
                        meters,
                        ticker);
        for (AlertRule rule : rules) {
            rule.topic()
                    .ifPresent(
                            topic ->
                                    alerts.couriers.computeIfAbsent(
                                            topic,
                                            _ ->
                                                    new AlertCourier(
                                                            spec.pipeline(),
                                                            new Topic(topic, spec, settings),
                                                            meters,
                                                            ticker)));
            rule.webhook()
                    .ifPresent(
                            hook ->
                                    alerts.couriers.computeIfAbsent(
                                            hook,
                                            _ ->
                                                    new AlertCourier(
                                                            spec.pipeline(),
                                                            webhook(
                                                                    hook,
                                                                    settings.secrets(),
                                                                    ticker),
                                                            meters,
                                                            ticker)));
        }
        return Optional.of(alerts);
    }

    /** Begins to look. */
    void start() {
        couriers.values().forEach(AlertCourier::start);
        thread.start();
    }

    private static Webhook webhook(WebhookAlertSpec spec, Secrets secrets, Ticker ticker) {
        try {
            return new Webhook(
                    new URI(secrets.expand(spec.url())),
                    spec.secret().map(secrets::reveal),
                    ticker);
        } catch (java.net.URISyntaxException _) { // its message has the address, secrets included
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "the webhook of an alert is no address: " + spec.url());
        }
    }

    private static AlertRules.Parts parts(PipelineSpec spec, ProjectSpec project) {
        return new AlertRules.Parts(
                !models(spec, project).isEmpty(),
                spec.budget().isPresent() || !project.budgets().isEmpty());
    }

    /** The models its tiers ask, and those they fall back to. */
    private static Set<String> models(PipelineSpec spec, ProjectSpec project) {
        Map<String, ModelSpec> known = spec.allModels(project);
        Set<String> names = new LinkedHashSet<>();
        for (AnalysisSpec analysis : spec.analyses().values()) {
            for (TierSpec tier : analysis.tiers()) {
                if (tier instanceof TierSpec.Model model) {
                    Optional<String> next = Optional.of(model.model());
                    while (next.isPresent() && names.add(next.get())) {
                        next =
                                Optional.ofNullable(known.get(next.get()))
                                        .flatMap(ModelSpec::fallback);
                    }
                }
            }
        }
        return names;
    }

    /**
     * Where every alert stands.
     *
     * @return at most a few seconds old
     */
    List<AlertStatus> statuses() {
        return evaluator.statuses();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ticker.sleep(EVERY);
                evaluator.look();
            }
        } catch (InterruptedException e) {
            LOGGER.debug("nobody looks at the alerts any more", e);
        } catch (RuntimeException e) { // a defect of ours; the pipeline itself goes on
            LOGGER.error("alerts are not evaluated any more", e);
        }
    }

    private void send(AlertMessage message) {
        LOGGER.atWarn()
                .addKeyValue("alert", message.id())
                .addKeyValue("figures", message.figures())
                .log(message.firing() ? "an alert fires" : "an alert has cleared");
        AlertRule rule = message.rule();
        rule.topic().map(couriers::get).ifPresent(courier -> courier.take(message));
        rule.webhook().map(couriers::get).ifPresent(courier -> courier.take(message));
    }

    /** Ends; messages on their way are given a moment. Nothing is said to clear. */
    @Override
    public void close() {
        thread.interrupt();
        couriers.values().forEach(AlertCourier::close);
    }

    /** The way to a topic. */
    private static final class Topic implements AlertCourier.Channel {

        private final String topic;
        private final AcknowledgedWriter writer;

        Topic(String topic, PipelineSpec spec, RuntimeSettings settings) {
            this.topic = topic;
            this.writer =
                    new AcknowledgedWriter(
                            settings.brokers(),
                            Preflight.kafka(spec, settings),
                            "thac-" + spec.pipeline() + "-" + settings.instance() + "-alerts");
        }

        @Override
        public String kind() {
            return "topic";
        }

        @Override
        public void deliver(AlertMessage message)
                throws UndeliveredException, InterruptedException {
            try {
                writer.write(topic, message.key().getBytes(StandardCharsets.UTF_8), message.json());
            } catch (IOException e) {
                throw new UndeliveredException(String.valueOf(e.getMessage()), true);
            }
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
