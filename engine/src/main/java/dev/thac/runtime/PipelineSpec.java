package dev.thac.runtime;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cost.BudgetSpec;
import dev.thac.enrich.EnrichSpec;
import dev.thac.function.FunctionSpec;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.JournalSpec;
import dev.thac.kafka.LanesSpec;
import dev.thac.kafka.LimitsSpec;
import dev.thac.kafka.Order;
import dev.thac.kafka.SourceSpec;
import dev.thac.model.ModelSpec;
import dev.thac.observe.AlertSpec;
import dev.thac.pipeline.ContextSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.SampleSpec;
import dev.thac.recover.FailuresSpec;
import dev.thac.recover.RetrySpec;
import dev.thac.recover.RetryTopics;
import dev.thac.redact.RedactSpec;
import dev.thac.route.Emit;
import dev.thac.route.RouteSpec;
import dev.thac.route.Router;
import dev.thac.sink.SinkSpec;
import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;
import dev.thac.spec.Tree;
import dev.thac.window.JoinSpec;
import dev.thac.window.StreamsSpec;
import dev.thac.window.WindowSource;
import dev.thac.window.WindowSpec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole pipeline file. The keys are described by their {@link Key} annotations. */
public record PipelineSpec(
        @Key(
                        "Name of the pipeline: letters, digits, dot, hyphen, underscore; in"
                                + " metrics, headers and internal topics.")
                String pipeline,
        @Key("Where events come from.") SourceSpec source,
        @Key("EventBridge patterns; an event passes if any matches. Left out: all pass.")
                List<Tree> filter,
        @Key("New members of the value: name to expression, in order.") Map<String, CelText> derive,
        @Key("Lookups that add members to the value: name of the member to lookup, in order.")
                Map<String, EnrichSpec> enrich,
        @Key(
                        "History and rolling figures per key placed beside each event as"
                                + " value.context, for rules and prompts; outputs leave them out.")
                Optional<ContextSpec> context,
        @Key(
                        "Personal data taken out of what models are given. Rules, routes and"
                                + " outputs see what came.")
                Optional<RedactSpec> redact,
        @Key("Judge only a share of the events that pass the filter; the others end here.")
                Optional<SampleSpec> sample,
        @Key("Questions asked about each event; they run side by side.")
                Map<String, AnalysisSpec> analyses,
        @NotYet @Key("A function called with batches of events.") Optional<FunctionSpec> function,
        @Key("Output topics.") List<RouteSpec> routes,
        @Key("Figures over windows of time, by name.") Map<String, WindowSpec> windows,
        @Key("Events joined with another topic, by name.") Map<String, JoinSpec> joins,
        @Key(value = "How windows, joins, context and tables keep their state.", orElse = "{}")
                StreamsSpec streams,
        @Key("Where output topics go besides Kafka.") List<SinkSpec> sinks,
        @Key(
                        "Alerts by name: built in ones, or any with a condition of its own. The"
                                + " name defaults turns every built-in alert on and says where the"
                                + " messages of all alerts go.")
                Map<String, AlertSpec> alerts,
        @Key("Money that this pipeline may spend.") Optional<BudgetSpec> budget,
        @Key(value = "exactly-once or at-least-once.", orElse = "exactly-once")
                DeliveryMode delivery,
        @Key(
                        value =
                                "Which outputs keep the order of their inputs: none, those of one"
                                        + " key, or those of one partition.",
                        orElse = "none")
                Order order,
        @Key(value = "What happens to events that cannot be settled.", orElse = "{}")
                FailuresSpec failures,
        @Key(value = "Bounds of memory and waiting.", orElse = "{}") LimitsSpec limits,
        @Key(value = "Threads that each own a consumer and a producer.", orElse = "{}")
                LanesSpec lanes,
        @Key("Answers written at once, so that a crash never buys them again.")
                Optional<JournalSpec> journal,
        @Key("Models by the name that tiers use. Those of thac.yaml are known too.")
                Map<String, ModelSpec> models,
        @Key("Client settings passed through to Kafka; those the runtime owns are refused.")
                Map<String, String> kafka) {

    /**
     * The part of the pipeline that needs no Kafka.
     *
     * @param project the project it belongs to; its models are added, those of the pipeline file
     *     win
     * @return the flow
     */
    public FlowSpec flow(ProjectSpec project) {
        return new FlowSpec(
                pipeline,
                source.format(),
                source.id(),
                limits.maxEvent(),
                filter,
                derive,
                enrich,
                context,
                redact,
                sample,
                analyses,
                allRoutes(),
                failures,
                allModels(project));
    }

    /**
     * How many lanes read the source.
     *
     * @return none where there is nothing to judge and nothing to route: windows and joins read the
     *     source themselves
     */
    public int laneCount() {
        boolean idle = analyses.isEmpty() && routes.isEmpty() && function.isEmpty();
        boolean streams = !windows.isEmpty() || !joins.isEmpty();
        return idle && streams && decisions().isEmpty() ? 0 : lanes.min();
    }

    /**
     * The topic of decided events.
     *
     * @return its name; empty where no window counts verdicts
     */
    Optional<String> decisions() {
        return windows.values().stream().anyMatch(each -> each.of() == WindowSource.VERDICTS)
                ? Optional.of(Router.decisions(pipeline))
                : Optional.empty();
    }

    /** Those of the file, and for windows over verdicts the topic they read. */
    private List<RouteSpec> allRoutes() {
        List<RouteSpec> all = new ArrayList<>(routes);
        decisions()
                .ifPresent(
                        topic ->
                                all.add(
                                        new RouteSpec(
                                                topic,
                                                Optional.empty(),
                                                false,
                                                Optional.empty(),
                                                Map.of(),
                                                Optional.of(new CelText("partition")),
                                                Emit.EVENT,
                                                Optional.empty())));
        return all;
    }

    /**
     * The topics in which events wait to be tried again.
     *
     * @return one per delay in {@code failures.retry.later}, the shortest first
     */
    public RetryTopics retryTopics() {
        return RetryTopics.of(pipeline, failures.retry().later());
    }

    /**
     * The models that tiers may name.
     *
     * @param project the project it belongs to
     * @return those of the project and of this file, which win
     */
    public Map<String, ModelSpec> allModels(ProjectSpec project) {
        Map<String, ModelSpec> all = new LinkedHashMap<>(project.models());
        all.putAll(models);
        return Collections.unmodifiableMap(all);
    }

    /**
     * The budgets that pay for its calls.
     *
     * @param project the project it belongs to
     * @return name to budget: its own, which goes by the pipeline's name, and those of the project
     *     that pay for one of its models
     */
    public Map<String, BudgetSpec> budgets(ProjectSpec project) {
        return Budgets.declared(this, project);
    }

    /**
     * The same pipeline reading with another group, without retry topics.
     *
     * @param group the group
     * @return a copy
     */
    PipelineSpec replayed(String group) {
        SourceSpec other =
                new SourceSpec(
                        source.topic(),
                        source.topics(),
                        group,
                        source.format(),
                        "earliest",
                        source.id(),
                        source.time(),
                        source.maxAhead(),
                        source.registry(),
                        source.isolation(),
                        source.foreignMetadata());
        RetrySpec retry = failures.retry();
        FailuresSpec atOnce =
                new FailuresSpec(
                        new RetrySpec(
                                retry.attempts(), retry.backoff(), retry.maxBackoff(), List.of()),
                        failures.deadLetter());
        return new PipelineSpec(
                pipeline, other, filter, derive, enrich, context, redact, sample, analyses,
                function, routes, windows, joins, streams, sinks, alerts, budget, delivery, order,
                atOnce, limits, lanes, journal, models, kafka);
    }

    /**
     * The topic of the journal.
     *
     * @return its name; empty where no journal is kept
     */
    public Optional<String> journalTopic() {
        return journal.filter(JournalSpec::enabled).map(each -> each.topic(pipeline));
    }

    /**
     * The same pipeline with other analyses: those whose schema files were read.
     *
     * @param whole name to analysis
     * @return a copy
     */
    PipelineSpec withAnalyses(Map<String, AnalysisSpec> whole) {
        return new PipelineSpec(
                pipeline, source, filter, derive, enrich, context, redact, sample, whole, function,
                routes, windows, joins, streams, sinks, alerts, budget, delivery, order, failures,
                limits, lanes, journal, models, kafka);
    }
}
