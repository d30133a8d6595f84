package dev.thac.runtime;

import dev.thac.cost.BudgetSpec;
import dev.thac.kafka.BrokerNeeds;
import dev.thac.kafka.Journal;
import dev.thac.kafka.LedgerTopic;
import dev.thac.kafka.TopicUse;
import dev.thac.kafka.Topics;
import dev.thac.pipeline.ContextSpec;
import dev.thac.recover.RetryTopic;
import dev.thac.route.RouteSpec;
import dev.thac.sink.SinkSettings;
import dev.thac.sink.SinkSpec;
import dev.thac.window.JoinTopology;
import dev.thac.window.WindowTopology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The topics a pipeline reads and writes. */
final class PipelineTopics {

    private final PipelineSpec spec;
    private final boolean budgets;

    /**
     * The topics of a pipeline without budgets.
     *
     * @param spec the pipeline
     */
    PipelineTopics(PipelineSpec spec) {
        this(spec, Map.of());
    }

    /**
     * The topics of a pipeline.
     *
     * @param spec the pipeline
     * @param budgets those that pay for its calls; where there is one, the ledger is needed
     */
    PipelineTopics(PipelineSpec spec, Map<String, BudgetSpec> budgets) {
        this.spec = spec;
        this.budgets = !budgets.isEmpty();
    }

    /** What it reads. */
    List<String> sources() {
        return spec.source().topic().map(List::of).orElse(spec.source().topics());
    }

    /** Where its lanes read: the sources, or what stands for them with their history. */
    List<String> lanes() {
        return context().map(List::of).orElseGet(this::sources);
    }

    /** Where events come with their history. */
    Optional<String> context() {
        return spec.context().map(_ -> ContextSpec.topic(spec.pipeline()));
    }

    /** Where events go that cannot be settled. */
    String deadLetters() {
        return spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq");
    }

    /** Where alerts go. */
    Set<String> alerts() {
        Set<String> topics = new TreeSet<>();
        spec.alerts().values().forEach(alert -> alert.to().ifPresent(topics::add));
        return topics;
    }

    /** What it writes for others than those who wait for alerts. */
    Set<String> outputs() {
        Set<String> outputs = new LinkedHashSet<>();
        spec.routes().forEach(route -> outputs.add(route.to()));
        outputs.addAll(retries().keySet());
        outputs.addAll(windows());
        spec.decisions().ifPresent(outputs::add);
        outputs.add(deadLetters());
        context().ifPresent(outputs::add);
        spec.journalTopic().ifPresent(outputs::add);
        return outputs;
    }

    /** What its windows and joins write. */
    Set<String> windows() {
        Set<String> topics = new LinkedHashSet<>();
        spec.windows().values().forEach(window -> topics.add(window.to()));
        spec.windows().values().forEach(window -> window.late().ifPresent(topics::add));
        spec.joins().values().forEach(join -> topics.add(join.to()));
        return topics;
    }

    /** What its joins read besides the source. */
    Set<String> joined() {
        Set<String> topics = new LinkedHashSet<>();
        spec.joins().values().forEach(join -> topics.add(join.with().topic()));
        return topics;
    }

    /** Where events wait to be tried again, and how long, the shortest first. */
    Map<String, Duration> retries() {
        Map<String, Duration> retries = new LinkedHashMap<>();
        for (RetryTopic topic : spec.retryTopics().levels()) {
            retries.put(topic.name(), topic.delay());
        }
        return retries;
    }

    /** Where redriven dead letters of sinks go. */
    Set<String> sinkRetries() {
        Set<String> topics = new LinkedHashSet<>();
        spec.sinks()
                .forEach(
                        sink -> topics.add(SinkSettings.retryTopic(spec.pipeline(), sink.label())));
        return topics;
    }

    /** What reads beside the lanes, with a group of its own. */
    List<BrokerNeeds.Reader> readers() {
        List<BrokerNeeds.Reader> readers = new ArrayList<>();
        context().ifPresent(topic -> readers.add(new BrokerNeeds.Reader(topic, Set.of())));
        if (!spec.windows().isEmpty()) {
            readers.add(
                    new BrokerNeeds.Reader(WindowTopology.application(spec.pipeline()), Set.of()));
        }
        if (!spec.joins().isEmpty()) {
            readers.add(
                    new BrokerNeeds.Reader(JoinTopology.application(spec.pipeline()), Set.of()));
        }
        for (SinkSpec sink : spec.sinks()) {
            readers.add(
                    new BrokerNeeds.Reader(
                            SinkSettings.group(spec.pipeline(), sink.label()),
                            Set.of(
                                    sink.from(),
                                    SinkSettings.retryTopic(spec.pipeline(), sink.label()))));
        }
        return readers;
    }

    /** All of them, the sources first. */
    Set<String> all() {
        return uses().keySet();
    }

    /** What each of them is for, the sources first. */
    Map<String, TopicUse> uses() {
        Map<String, TopicUse> uses = new LinkedHashMap<>();
        sources().forEach(topic -> uses.put(topic, TopicUse.SOURCE));
        context().ifPresent(topic -> uses.putIfAbsent(topic, TopicUse.CONTEXT));
        Topologies.tables(spec).forEach(topic -> uses.putIfAbsent(topic, TopicUse.TABLE));
        joined().forEach(topic -> uses.putIfAbsent(topic, TopicUse.SOURCE));
        spec.routes().forEach(route -> uses.putIfAbsent(route.to(), TopicUse.ROUTE));
        windows().forEach(topic -> uses.putIfAbsent(topic, TopicUse.ROUTE));
        spec.decisions().ifPresent(topic -> uses.putIfAbsent(topic, TopicUse.DECISIONS));
        retries().keySet().forEach(topic -> uses.putIfAbsent(topic, TopicUse.RETRY));
        uses.putIfAbsent(deadLetters(), TopicUse.DEAD_LETTERS);
        spec.journalTopic().ifPresent(topic -> uses.putIfAbsent(topic, TopicUse.JOURNAL));
        spec.sinks().forEach(sink -> uses.putIfAbsent(sink.from(), TopicUse.SINK));
        sinkRetries().forEach(topic -> uses.putIfAbsent(topic, TopicUse.SINK));
        if (budgets) {
            uses.putIfAbsent(LedgerTopic.NAME, TopicUse.LEDGER);
        }
        alerts().forEach(topic -> uses.putIfAbsent(topic, TopicUse.ALERTS));
        return uses;
    }

    /** Topic to the partitions it must have, where a route names one of them by its number. */
    Map<String, Integer> named() {
        Map<String, Integer> named = new LinkedHashMap<>();
        for (RouteSpec route : spec.routes()) {
            route.fixedPartition()
                    .ifPresent(number -> named.merge(route.to(), number + 1, Math::max));
        }
        return named;
    }

    /**
     * Makes those that are missing.
     *
     * @param topics the brokers
     * @param partitions of each; retry topics and the journal get as many as the source has, the
     *     ledger one
     */
    void create(Topics topics, int partitions) throws InterruptedException {
        Set<String> ours = new HashSet<>(retries().keySet());
        spec.journalTopic().ifPresent(ours::add);
        context().ifPresent(ours::add);
        spec.decisions().ifPresent(ours::add);
        ours.add(LedgerTopic.NAME);
        for (String topic : topics.missing(Topologies.tables(spec))) {
            topics.create(topic, partitions, Map.of("cleanup.policy", "compact"));
        }
        for (String topic : topics.missing(all())) {
            if (!ours.contains(topic)) {
                topics.create(topic, partitions, Map.of());
            }
        }
        int most = 1;
        for (String source : sources()) {
            most = Math.max(most, topics.partitions(source).orElse(1));
        }
        for (RetryTopic retry : spec.retryTopics().levels()) {
            topics.create(retry.name(), most, retry.settings());
        }
        if (context().isPresent()) {
            topics.create(context().get(), most, ContextSpec.TOPIC_SETTINGS);
        }
        if (spec.journalTopic().isPresent()) {
            topics.create(spec.journalTopic().get(), most, Journal.TOPIC_SETTINGS);
        }
        if (spec.decisions().isPresent()) {
            topics.create(spec.decisions().get(), most, Map.of("cleanup.policy", "delete"));
        }
        if (budgets || !spec.analyses().isEmpty()) {
            topics.create(LedgerTopic.NAME, LedgerTopic.PARTITIONS, LedgerTopic.TOPIC_SETTINGS);
        }
    }
}
