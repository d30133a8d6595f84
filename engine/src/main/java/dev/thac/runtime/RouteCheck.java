package dev.thac.runtime;

import dev.thac.kafka.JournalSpec;
import dev.thac.pipeline.ContextSpec;
import dev.thac.route.RouteSpec;
import dev.thac.spec.CelText;
import dev.thac.spec.ProblemKind;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks where events go: the routes, the dead letters, and that none comes back. Stateless. */
final class RouteCheck {

    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private RouteCheck() {}

    /** Checks source topics, routes and the dead-letter topic of a pipeline. */
    static void check(PipelineSpec spec, Findings findings) {
        Set<String> sources = new HashSet<>(spec.source().topics());
        spec.source().topic().ifPresent(sources::add);
        spec.source().topic().ifPresent(topic -> topic("source.topic", topic, findings));
        for (int index = 0; index < spec.source().topics().size(); index++) {
            topic("source.topics[" + index + "]", spec.source().topics().get(index), findings);
        }
        spec.context().ifPresent(_ -> sources.add(ContextSpec.topic(spec.pipeline())));
        Set<String> targets = new HashSet<>();
        if (findings.intact("routes")) {
            routes(spec, sources, targets, findings);
        }
        deadLetter(spec, sources, targets, findings);
        journal(spec, sources, targets, findings);
    }

    private static void routes(
            PipelineSpec spec, Set<String> sources, Set<String> targets, Findings findings) {
        List<RouteSpec> routes = spec.routes();
        boolean always =
                routes.stream().anyMatch(route -> route.when().isEmpty() && !route.otherwise());
        Map<List<Object>, Integer> seen = new HashMap<>();
        for (int index = 0; index < routes.size(); index++) {
            RouteSpec route = routes.get(index);
            String path = "routes[" + index + "]";
            topic(path + ".to", route.to(), findings);
            targets.add(route.to());
            if (sources.contains(route.to())) {
                findings.at(
                        ProblemKind.LOOP,
                        path + ".to",
                        "the pipeline would read its own output: \"%s\" is a source topic"
                                .formatted(route.to()),
                        "");
            }
            otherwise(path, route, always, findings);
            partition(path, route, findings);
            Optional<String> when = route.when().map(CelText::text);
            Integer first = seen.putIfAbsent(List.of(route.to(), when, route.otherwise()), index);
            if (first != null) {
                findings.at(
                        ProblemKind.CONFLICT,
                        path + ".to",
                        "routes[%d] already sends these events to \"%s\""
                                .formatted(first, route.to()),
                        "remove one of the two");
            }
        }
        boolean streams = !spec.windows().isEmpty() || !spec.joins().isEmpty();
        if (routes.isEmpty()
                && !streams
                && findings.intact("windows")
                && findings.intact("joins")) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    "",
                    "missing key \"routes\": nothing would leave this pipeline",
                    "for example  routes: [ { to: " + spec.pipeline() + ".out } ]");
        }
    }

    private static void otherwise(String path, RouteSpec route, boolean always, Findings findings) {
        if (!route.otherwise()) {
            return;
        }
        if (route.when().isPresent()) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".otherwise",
                    "\"when\" and \"otherwise\" exclude each other",
                    "otherwise takes the events that no condition took");
        } else if (always) {
            findings.atKey(
                    ProblemKind.UNREACHABLE,
                    path + ".otherwise",
                    "no event is left for \"otherwise\": a route without \"when\" takes them all",
                    "give the other routes a condition, or remove this one");
        }
    }

    private static void partition(String path, RouteSpec route, Findings findings) {
        route.partition()
                .filter(cel -> cel.text().strip().matches("-\\d+"))
                .ifPresent(
                        cel ->
                                findings.at(
                                        ProblemKind.BAD_VALUE,
                                        path + ".partition",
                                        "there is no partition " + cel.text().strip(),
                                        "the first one is 0"));
    }

    private static void deadLetter(
            PipelineSpec spec, Set<String> sources, Set<String> targets, Findings findings) {
        String path = "failures.deadLetter";
        if (!findings.intact(path, "pipeline")) {
            return;
        }
        String topic = spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq");
        String named = spec.failures().deadLetter().isPresent() ? path : "pipeline";
        if (spec.failures().deadLetter().isPresent()) {
            topic(path, topic, findings);
        }
        if (sources.contains(topic)) {
            findings.at(
                    ProblemKind.LOOP,
                    named,
                    "the pipeline would read its own dead letters: \"%s\" is a source topic"
                            .formatted(topic),
                    "");
        } else if (targets.contains(topic)) {
            findings.at(
                    ProblemKind.CONFLICT,
                    named,
                    "dead letters and outputs need different topics: \"%s\" is a route"
                            .formatted(topic),
                    "");
        }
    }

    private static void journal(
            PipelineSpec spec, Set<String> sources, Set<String> targets, Findings findings) {
        String path = "journal.topic";
        if (spec.journalTopic().isEmpty() || !findings.intact(path, "journal", "pipeline")) {
            return;
        }
        String topic = spec.journalTopic().get();
        boolean named = spec.journal().flatMap(JournalSpec::topic).isPresent();
        if (named) {
            topic(path, topic, findings);
        }
        String deadLetters = spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq");
        if (sources.contains(topic) || targets.contains(topic) || topic.equals(deadLetters)) {
            findings.at(
                    ProblemKind.CONFLICT,
                    named ? path : "pipeline",
                    "the journal needs a topic of its own: \"%s\" is read or written already"
                            .formatted(topic),
                    "");
        }
    }

    static void topic(String path, String topic, Findings findings) {
        if (findings.intact(path) && !TOPIC.matcher(topic).matches()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + topic + "\" cannot name a topic",
                    "use at most 249 letters, digits, dots, hyphens and underscores");
        }
    }
}
