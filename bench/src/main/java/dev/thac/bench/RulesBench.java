package dev.thac.bench;

import dev.thac.expression.ExpressionException;
import dev.thac.filter.PatternException;
import dev.thac.kafka.DeliveryMode;
import dev.thac.runtime.Loaded;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each stage costs beside a loop that only copies records from topic to topic. */
final class RulesBench {

    private static final String INPUT = "reviews";
    private static final String BARE = "bare consume-and-produce";

    private static final String AT_LEAST_ONCE = "Thác, at-least-once";
    private static final String EXACTLY_ONCE = "Thác, exactly-once";

    private final Options options;
    private final int records;

    RulesBench(Options options) {
        this.options = options;
        this.records = options.number("events", 1_000_000);
    }

    Report run() throws IOException, InterruptedException {
        int seed = options.number("seed", 1);
        try (Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            System.err.printf("bench: writing %,d events%n", records);
            cluster.preload(INPUT, new ReviewEvents(seed), records);
            Rounds rounds = new Rounds(cluster, () -> 0, options, INPUT, records);
            List<Run> runs = rounds.run(rows());
            return new Report(
                    "rules",
                    LocalDate.now(ZoneId.systemDefault()),
                    Machine.describe(),
                    parameters(cluster, seed),
                    BARE,
                    runs,
                    bars(runs),
                    List.of(),
                    rounds.profiles());
        }
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(
                new Row(
                        BARE,
                        Row.Output.COPIED,
                        job -> new BareLoop(r -> BareLoop.copy(r, job.output())).run(job)));
        rows.add(
                new Row(
                        "+ decode",
                        Row.Output.COPIED,
                        job -> new BareLoop(stages(job)::decoded).run(job)));
        rows.add(
                new Row(
                        "+ filter",
                        Row.Output.COPIED,
                        job -> new BareLoop(stages(job)::filtered).run(job)));
        rows.add(
                new Row(
                        "+ rules",
                        Row.Output.COPIED,
                        job -> new BareLoop(stages(job)::ruled).run(job)));
        rows.add(
                new Row(
                        "+ encode and headers",
                        Row.Output.JUDGED,
                        job ->
                                new BareLoop(
                                                new PipelineLoop(load(job, "at-least-once").flow())
                                                        ::judge)
                                        .run(job)));
        rows.add(lane("lane alone, at-least-once", DeliveryMode.AT_LEAST_ONCE));
        rows.add(lane("lane alone, exactly-once", DeliveryMode.EXACTLY_ONCE));
        rows.add(whole(AT_LEAST_ONCE, "at-least-once"));
        rows.add(whole(EXACTLY_ONCE, "exactly-once"));
        rows.add(
                new Row(
                        "hand-written, plain string checks",
                        Row.Output.JUDGED,
                        job -> new BareLoop(r -> PlainRules.judge(r, job.output())).run(job)));
        rows.removeIf(row -> !row.name().equals(BARE) && !options.wants(row.name()));
        return rows;
    }

    private static Row lane(String name, DeliveryMode delivery) {
        return new Row(name, Row.Output.COPIED, job -> LaneCopy.run(job, delivery));
    }

    private static Row whole(String name, String delivery) {
        return new Row(
                name,
                Row.Output.JUDGED,
                job -> ThacRow.run("rules.yaml", job, Map.of("DELIVERY", delivery)));
    }

    private static Stages stages(Job job)
            throws IOException, ExpressionException, PatternException {
        return new Stages(load(job, "at-least-once").flow(), job.output());
    }

    private static Loaded load(Job job, String delivery) throws IOException {
        return PipelineFile.load(
                "rules.yaml",
                Map.of(
                        "INPUT", job.input(),
                        "OUTPUT", job.output(),
                        "GROUP", job.group(),
                        "DELIVERY", delivery));
    }

    private static List<Bar> bars(List<Run> runs) {
        List<Bar> bars = new ArrayList<>();
        Report.ratio(runs, AT_LEAST_ONCE, BARE)
                .ifPresent(r -> bars.add(Bar.atLeast("the whole / bare loop", 0.50, r)));
        Report.ratio(runs, EXACTLY_ONCE, AT_LEAST_ONCE)
                .ifPresent(r -> bars.add(Bar.atLeast("exactly-once / at-least-once", 0.85, r)));
        return bars;
    }

    private Map<String, String> parameters(Cluster cluster, int seed) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("compression", "lz4");
        parameters.put("rounds", Integer.toString(options.rounds()));
        parameters.put("seed", Integer.toString(seed));
        return parameters;
    }
}
