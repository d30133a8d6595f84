package dev.thac.runtime;

import dev.thac.enrich.LookupChecks;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.kafka.BrokerAbilities;
import dev.thac.kafka.BrokerNeeds;
import dev.thac.kafka.BrokerProbe;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Ticker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** What is looked at before a pipeline runs: by a start, and by {@code thac doctor}. Stateless. */
public final class Preflight {

    private Preflight() {}

    /**
     * Looks at everything the pipeline needs of its brokers, the clocks included, of the databases
     * of its lookups, and at the targets of its sinks.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how
     * @param ticker the time
     * @return what was found
     * @throws ThacException KAFKA_UNAVAILABLE when no broker answers
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static List<Finding> of(
            PipelineSpec spec, ProjectSpec project, RuntimeSettings settings, Ticker ticker)
            throws InterruptedException {
        PipelineTopics topics = new PipelineTopics(spec, Budgets.declared(spec, project));
        List<Finding> findings =
                new ArrayList<>(probe(spec, topics, settings, ticker).thorough().findings());
        findings.addAll(LookupChecks.of(spec.enrich(), project.databases(), settings.secrets()));
        findings.addAll(Sinking.look(spec, project, settings, ticker));
        return List.copyOf(findings);
    }

    /**
     * Lets companions look at what they work with, all at once.
     *
     * @param companions not started yet
     * @return what they found
     */
    static List<Finding> look(List<Companion> companions) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (TaskScope scope = TaskScope.open("thac-look")) {
            List<Future<List<Finding>>> looks = new ArrayList<>();
            companions.forEach(each -> looks.add(scope.fork(each::look)));
            scope.joinOrThrow();
            looks.forEach(each -> findings.addAll(each.resultNow()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look ended by a defect", e.getCause());
        }
        return findings;
    }

    /**
     * What a start needs to know.
     *
     * @param targets what was found where companions write
     * @throws ThacException when the pipeline cannot run there: every reason, with what to do
     */
    static BrokerAbilities require(
            PipelineSpec spec,
            PipelineTopics topics,
            RuntimeSettings settings,
            List<Finding> targets,
            Ticker ticker)
            throws InterruptedException {
        BrokerAbilities abilities =
                (settings.abilities().isPresent()
                                ? settings.abilities().get()
                                : probe(spec, topics, settings, ticker).quick())
                        .and(targets);
        List<Finding> failures = abilities.failures();
        if (!failures.isEmpty()) {
            throw new ThacException(
                    failures.getFirst().code().orElseThrow(),
                    "pipeline "
                            + spec.pipeline()
                            + " cannot run at "
                            + settings.brokers()
                            + failures.stream()
                                    .map(
                                            each ->
                                                    each.subject()
                                                            + ": "
                                                            + each.message()
                                                            + "\n  "
                                                            + each.fix())
                                    .collect(Collectors.joining("\n", "\n", "")));
        }
        return abilities;
    }

    /** Client settings: the project's, over them the pipeline's with its secrets filled in. */
    static Map<String, String> kafka(PipelineSpec spec, RuntimeSettings settings) {
        Map<String, String> kafka = new HashMap<>(settings.kafka());
        spec.kafka().forEach((name, value) -> kafka.put(name, settings.secrets().expand(value)));
        return kafka;
    }

    private static BrokerProbe probe(
            PipelineSpec spec, PipelineTopics topics, RuntimeSettings settings, Ticker ticker) {
        return new BrokerProbe(
                settings.brokers(),
                kafka(spec, settings),
                new BrokerNeeds(
                        spec.pipeline(),
                        spec.source().group(),
                        topics.uses(),
                        topics.named(),
                        spec.delivery(),
                        spec.source().foreignMetadata(),
                        spec.limits().maxEvent(),
                        spec.lanes().min(),
                        topics.readers()),
                ticker);
    }
}
