package dev.thac.app.kafka;

import dev.thac.kafka.Journal;
import dev.thac.kafka.LedgerTopic;
import dev.thac.kafka.SourceSpec;
import dev.thac.pipeline.ContextSpec;
import dev.thac.recover.RetryTopic;
import dev.thac.route.RouteSpec;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.ProjectSpec;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The topics a pipeline needs.
 *
 * @param sources what it reads
 * @param context where events come with their history, if they do
 * @param tables what it looks things up in
 * @param routes what it writes
 * @param retries where events wait to be tried again, the shortest delay first
 * @param deadLetter where events go that cannot be settled
 * @param journal where answers are kept, if they are
 * @param ledger where all instances write what they spend of budgets, if there are any
 * @param alerts where alerts are said
 */
public record PipelineTopics(
        List<String> sources,
        Optional<String> context,
        List<String> tables,
        List<String> routes,
        List<RetryTopic> retries,
        String deadLetter,
        Optional<String> journal,
        Optional<String> ledger,
        List<String> alerts) {

    /** Copies the lists. */
    public PipelineTopics {
        sources = List.copyOf(sources);
        tables = List.copyOf(tables);
        routes = List.copyOf(routes);
        retries = List.copyOf(retries);
        alerts = List.copyOf(alerts);
    }

    /**
     * The topics that a pipeline file names.
     *
     * @param spec the pipeline
     * @return its topics, without the ledger
     */
    public static PipelineTopics of(PipelineSpec spec) {
        return of(spec, Optional.empty());
    }

    /**
     * The topics that a pipeline needs, with those that the pipelines of its project share.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @return its topics
     */
    public static PipelineTopics of(PipelineSpec spec, ProjectSpec project) {
        boolean spends = !spec.analyses().isEmpty() || !spec.budgets(project).isEmpty();
        return of(spec, spends ? Optional.of(LedgerTopic.NAME) : Optional.empty());
    }

    private static PipelineTopics of(PipelineSpec spec, Optional<String> ledger) {
        SourceSpec source = spec.source();
        List<String> sources = source.topic().map(List::of).orElse(source.topics());
        Set<String> routes = new LinkedHashSet<>();
        spec.routes().stream().map(RouteSpec::to).forEach(routes::add);
        return new PipelineTopics(
                sources,
                spec.context().map(_ -> ContextSpec.topic(spec.pipeline())),
                spec.enrich().values().stream()
                        .flatMap(lookup -> lookup.table().stream())
                        .distinct()
                        .toList(),
                List.copyOf(routes),
                spec.retryTopics().levels(),
                spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq"),
                spec.journalTopic(),
                ledger,
                spec.alerts().values().stream()
                        .flatMap(alert -> alert.to().stream())
                        .distinct()
                        .toList());
    }

    /**
     * Every topic and what it is for, the source first.
     *
     * @return topic to {@code source}, {@code route}, {@code retry after} a delay, {@code dead
     *     letters}, {@code journal}, {@code ledger} or {@code alerts}
     */
    public Map<String, String> purposes() {
        Map<String, String> all = new LinkedHashMap<>();
        sources.forEach(topic -> all.put(topic, "source"));
        context.ifPresent(topic -> all.putIfAbsent(topic, "context"));
        tables.forEach(topic -> all.putIfAbsent(topic, "table"));
        routes.forEach(topic -> all.putIfAbsent(topic, "route"));
        retries.forEach(topic -> all.putIfAbsent(topic.name(), "retry after " + topic.level()));
        all.putIfAbsent(deadLetter, "dead letters");
        journal.ifPresent(topic -> all.putIfAbsent(topic, "journal"));
        ledger.ifPresent(topic -> all.putIfAbsent(topic, "ledger"));
        alerts.forEach(topic -> all.putIfAbsent(topic, "alerts"));
        return all;
    }

    /**
     * The settings a topic must be created with.
     *
     * @param topic one of these topics
     * @return settings under Kafka's names; empty where those of the brokers will do
     */
    public Map<String, String> settings(String topic) {
        if (isJournal(topic)) {
            return new TreeMap<>(Journal.TOPIC_SETTINGS);
        }
        if (isContext(topic)) {
            return new TreeMap<>(ContextSpec.TOPIC_SETTINGS);
        }
        if (tables.contains(topic)) {
            return new TreeMap<>(Map.of("cleanup.policy", "compact"));
        }
        if (isLedger(topic)) {
            return new TreeMap<>(LedgerTopic.TOPIC_SETTINGS);
        }
        return retry(topic).map(RetryTopic::settings).map(TreeMap::new).orElseGet(TreeMap::new);
    }

    /**
     * Whether a topic needs as many partitions as the source.
     *
     * @param topic one of these topics
     * @return true for retry topics, the journal and the context topic
     */
    public boolean followsSource(String topic) {
        return isContext(topic) || isJournal(topic) || retry(topic).isPresent();
    }

    /**
     * Whether a topic must have one partition.
     *
     * @param topic one of these topics
     * @return true for the ledger
     */
    public boolean isLedger(String topic) {
        return ledger.filter(topic::equals).isPresent();
    }

    private boolean isContext(String topic) {
        return context.filter(topic::equals).isPresent();
    }

    private boolean isJournal(String topic) {
        return journal.filter(topic::equals).isPresent();
    }

    private Optional<RetryTopic> retry(String topic) {
        return retries.stream().filter(retry -> retry.name().equals(topic)).findFirst();
    }
}
