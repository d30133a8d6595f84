package dev.thac.observe;

import dev.thac.meter.Metric;
import dev.thac.meter.Sample;
import dev.thac.resilience.Ticker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Looks at the figures of one pipeline and says when alerts fire and clear. {@link #look} is called
 * by one thread; everything else is safe from any thread.
 */
public final class AlertEvaluator {

    private final Site site;
    private final List<AlertRule> rules;
    private final Figures figures;
    private final Ticker ticker;
    private final Consumer<AlertMessage> messages;
    private final Set<Metric> metrics;
    private final History history = new History();
    private final Map<AlertRule, Map<String, Watch>> watches = new HashMap<>();
    private volatile List<AlertStatus> statuses;

    /** Where figures come from. */
    public interface Figures {
        /**
         * The series of one metric at this moment.
         *
         * @param metric any metric
         * @return its samples
         */
        List<Sample> samples(Metric metric);
    }

    /**
     * Whose alerts these are.
     *
     * @param pipeline the pipeline
     * @param instance this process
     * @param models the models the pipeline asks
     */
    public record Site(String pipeline, String instance, Set<String> models) {

        /** Copies the names. */
        public Site {
            models = Set.copyOf(models);
        }

        private Selection selection() {
            return new Selection(Optional.of(pipeline), models);
        }
    }

    /** What is known of one subject of one alert. */
    private record Watch(AlertState state, String words, Instant since) {}

    /**
     * An evaluator; nothing has been looked at.
     *
     * @param site whose alerts
     * @param rules the alerts
     * @param figures where figures come from
     * @param ticker the time
     * @param messages gets every message, on the thread that looks; must not block
     */
    public AlertEvaluator(
            Site site,
            List<AlertRule> rules,
            Figures figures,
            Ticker ticker,
            Consumer<AlertMessage> messages) {
        this.site = site;
        this.rules = List.copyOf(rules);
        this.figures = figures;
        this.ticker = ticker;
        this.messages = messages;
        this.metrics = new LinkedHashSet<>();
        for (AlertRule rule : rules) {
            metrics.addAll(rule.condition().metrics());
            watches.put(rule, new TreeMap<>());
        }
        this.statuses = rules.stream().map(AlertEvaluator::inactive).toList();
    }

    /** Reads the figures once, and says what has changed. */
    public void look() {
        long at = ticker.nanos();
        Instant now = ticker.now();
        List<Sample> samples = new ArrayList<>();
        for (Metric metric : metrics) {
            samples.addAll(figures.samples(metric));
        }
        history.add(at, samples);
        List<AlertStatus> all = new ArrayList<>();
        for (AlertRule rule : rules) {
            Map<String, Watch> watched = watches.getOrDefault(rule, new TreeMap<>());
            look(rule, watched, at, now);
            if (watched.isEmpty()) {
                all.add(inactive(rule));
            }
            watched.forEach((subject, watch) -> all.add(status(rule, subject, watch)));
        }
        statuses = List.copyOf(all);
    }

    private void look(AlertRule rule, Map<String, Watch> watched, long at, Instant now) {
        Map<String, String> holds = rule.condition().holds(history, site.selection(), now);
        Set<String> subjects = new TreeSet<>(watched.keySet());
        subjects.addAll(holds.keySet());
        for (String subject : subjects) {
            Watch before = watched.getOrDefault(subject, new Watch(AlertState.INACTIVE, "", now));
            String words = holds.get(subject);
            AlertState next = before.state().next(words != null, at, rule.timing());
            boolean same = next.phase() == before.state().phase();
            Watch after =
                    new Watch(
                            next,
                            words == null ? before.words() : words,
                            same ? before.since() : now);
            if (next.phase() == AlertPhase.INACTIVE) {
                watched.remove(subject);
            } else {
                watched.put(subject, after);
            }
            say(rule, subject, before, after, now);
        }
    }

    private void say(AlertRule rule, String subject, Watch before, Watch after, Instant now) {
        int said = times(before.state());
        if (times(after.state()) > said) {
            messages.accept(message(rule, subject, after, true, now));
        } else if (said > 0 && after.state().phase() != AlertPhase.FIRING) {
            messages.accept(message(rule, subject, before, false, now));
        }
    }

    private AlertMessage message(
            AlertRule rule, String subject, Watch watch, boolean firing, Instant now) {
        return new AlertMessage(
                site.pipeline(),
                site.instance(),
                rule,
                subject,
                firing,
                watch.words(),
                watch.since(),
                now,
                times(watch.state()));
    }

    private static int times(AlertState state) {
        return state instanceof AlertState.Firing firing ? firing.times() : 0;
    }

    /**
     * Where every alert stood at the last look.
     *
     * @return one entry for each subject that is pending or firing, and one for each alert that has
     *     none
     */
    public List<AlertStatus> statuses() {
        return statuses;
    }

    /**
     * The worst phase of an alert.
     *
     * @param alert its name
     * @return the phase at the last look
     */
    public AlertPhase phase(String alert) {
        return statuses.stream()
                .filter(each -> each.alert().equals(alert))
                .map(AlertStatus::phase)
                .max(AlertPhase::compareTo)
                .orElse(AlertPhase.INACTIVE);
    }

    private static AlertStatus inactive(AlertRule rule) {
        return new AlertStatus(
                rule.name(),
                "",
                AlertPhase.INACTIVE,
                rule.severity(),
                rule.condition().text(),
                "",
                Optional.empty());
    }

    private static AlertStatus status(AlertRule rule, String subject, Watch watch) {
        return new AlertStatus(
                rule.name(),
                subject,
                watch.state().phase(),
                rule.severity(),
                rule.condition().text(),
                watch.words(),
                Optional.of(watch.since()));
    }
}
