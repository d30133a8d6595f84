package dev.thac.app.plan;

import dev.thac.plan.AccountPlan;
import dev.thac.plan.Advice;
import dev.thac.plan.Alternative;
import dev.thac.plan.AnalysisPlan;
import dev.thac.plan.Assumption;
import dev.thac.plan.Demand;
import dev.thac.plan.Latency;
import dev.thac.plan.Plan;
import dev.thac.plan.TierPlan;
import dev.thac.plan.Use;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A plan as text for people. Every figure is taken from the plan. */
public final class PlanReport {

    private final Plan plan;
    private final List<String> lines = new ArrayList<>();

    private PlanReport(Plan plan) {
        this.plan = plan;
    }

    /**
     * Writes a plan.
     *
     * @param plan the plan
     * @return its lines
     */
    public static List<String> of(Plan plan) {
        PlanReport report = new PlanReport(plan);
        report.head();
        report.tiers();
        report.limits();
        report.latency();
        report.alternatives();
        report.section("break-even", plan.breakEvens().stream().map(each -> each.text()).toList());
        report.advice();
        report.assumptions();
        return List.copyOf(report.lines);
    }

    /**
     * Writes two plans side by side.
     *
     * @param one the first
     * @param oneName what it is called
     * @param other the second
     * @param otherName what it is called
     * @return the lines
     */
    public static List<String> compared(Plan one, String oneName, Plan other, String otherName) {
        Columns table = new Columns();
        table.row("", oneName, otherName, "");
        money(table, "a day", one.usdPerDay(), other.usdPerDay());
        money(table, "a month", one.usdPerMonth(), other.usdPerMonth());
        money(table, "a million events", one.usdPerMillion(), other.usdPerMillion());
        number(table, "calls a day", one.use().calls(), other.use().calls());
        number(table, "input tokens a day", one.use().inputTokens(), other.use().inputTokens());
        number(
                table,
                "output tokens a day",
                one.use().outputTokens() + one.use().thinkingTokens(),
                other.use().outputTokens() + other.use().thinkingTokens());
        table.row(
                "half of the answers within",
                Amounts.seconds(one.latency().p50()),
                Amounts.seconds(other.latency().p50()),
                times(one.latency().p50(), other.latency().p50()));
        table.row(
                "95 of 100 within",
                Amounts.seconds(one.latency().p95()),
                Amounts.seconds(other.latency().p95()),
                times(one.latency().p95(), other.latency().p95()));
        return table.lines();
    }

    private static void money(
            Columns table, String what, OptionalDouble one, OptionalDouble other) {
        table.row(
                what,
                Amounts.usd(one),
                Amounts.usd(other),
                one.isEmpty() || other.isEmpty()
                        ? ""
                        : times(one.getAsDouble(), other.getAsDouble()));
    }

    private static void number(Columns table, String what, double one, double other) {
        table.row(what, Amounts.number(one), Amounts.number(other), times(one, other));
    }

    private static String times(double one, double other) {
        return one == 0 ? "" : String.format(Locale.ROOT, "x %.2f", other / one);
    }

    private void head() {
        double perDay = plan.traffic().eventsPerDay();
        lines.add(
                "%s: %s events a day (%s a second on average, %s in the busiest hour)"
                        .formatted(
                                plan.pipeline(),
                                Amounts.number(perDay),
                                Amounts.number(plan.traffic().perSecond()),
                                Amounts.number(plan.traffic().peakShare() * perDay / 3600)));
        lines.add("");
        lines.add(
                "  %s a day, %s a month of %s days, %s a million events"
                        .formatted(
                                Amounts.usd(plan.usdPerDay()),
                                Amounts.usd(plan.usdPerMonth()),
                                Amounts.number(plan.monthDays()),
                                Amounts.usd(plan.usdPerMillion())));
        Use use = plan.use();
        lines.add(
                "  %s calls, %s input, %s output and %s thinking tokens a day"
                        .formatted(
                                Amounts.number(use.calls()),
                                Amounts.number(use.inputTokens()),
                                Amounts.number(use.outputTokens()),
                                Amounts.number(use.thinkingTokens())));
    }

    private void tiers() {
        for (AnalysisPlan analysis : plan.analyses()) {
            Columns table = new Columns();
            table.row(
                    "",
                    "events a day",
                    "of asked",
                    "passes on",
                    "batch",
                    "calls",
                    "$/day",
                    "model");
            row(table, "rules", analysis.byRules(), analysis);
            if (analysis.byCache() > 0) {
                row(table, "cache", analysis.byCache(), analysis);
            }
            for (TierPlan tier : analysis.tiers()) {
                table.row(
                        tier.model(),
                        Amounts.number(tier.events()),
                        share(tier.events(), analysis),
                        tier.passedOn() == 0 ? "" : Amounts.percent(tier.passedOn()) + " of seen",
                        tier.declaredBatch() == 1
                                ? "1"
                                : "%.2f of %d".formatted(tier.batch(), tier.declaredBatch()),
                        Amounts.number(tier.use().calls()),
                        Amounts.usd(tier.use().usd()),
                        tier.id());
            }
            section(
                    analysis.name()
                            + ": asked about "
                            + Amounts.number(analysis.events())
                            + " events a day",
                    table.lines());
        }
    }

    private static void row(Columns table, String tier, double events, AnalysisPlan analysis) {
        if (events > 0) {
            table.row(tier, Amounts.number(events), share(events, analysis), "", "", "", "$0", "");
        }
    }

    private static String share(double events, AnalysisPlan analysis) {
        return analysis.events() == 0 ? "" : Amounts.percent(events / analysis.events());
    }

    private void limits() {
        if (plan.accounts().isEmpty()) {
            return;
        }
        Columns table = new Columns();
        table.row("", "calls/min", "input tokens/min", "output tokens/min", "in flight", "");
        for (AccountPlan account : plan.accounts()) {
            table.row(
                    account.id(),
                    demand(account.callsPerMinute()),
                    demand(account.inputTokensPerMinute()),
                    demand(account.outputTokensPerMinute()),
                    demand(account.callsInFlight()),
                    "");
        }
        section("accounts: mean, busiest hour / limit", table.lines());
    }

    private static String demand(Demand demand) {
        return Amounts.number(demand.mean())
                + ", "
                + Amounts.number(demand.peak())
                + " / "
                + (demand.limit().isEmpty()
                        ? "none declared"
                        : Amounts.number(demand.limit().getAsDouble()));
    }

    private void latency() {
        Latency latency = plan.latency();
        if (latency.calls().isEmpty()) {
            return;
        }
        List<String> text = new ArrayList<>();
        text.add(
                "  half of the events have their answers within %s, 95 of 100 within %s"
                        .formatted(Amounts.seconds(latency.p50()), Amounts.seconds(latency.p95())));
        for (Latency.Call call : latency.calls()) {
            text.add(
                    "  a call to %s (%s) takes %s, 95 of 100 less than %s"
                            .formatted(
                                    call.model(),
                                    call.analysis(),
                                    Amounts.seconds(call.p50()),
                                    Amounts.seconds(call.p95())));
        }
        section("latency, batch waits included", text);
    }

    private void alternatives() {
        if (plan.alternatives().size() < 2) {
            return;
        }
        Columns table = new Columns();
        table.row("", "calls a day", "$/day", "$/month", "", "");
        OptionalDouble declared = plan.usdPerDay();
        for (Alternative each : plan.alternatives()) {
            table.row(
                    each.name(),
                    Amounts.number(each.calls()),
                    Amounts.usd(each.usd()),
                    Amounts.usd(
                            each.usd().isEmpty()
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(
                                            each.usd().getAsDouble() * plan.monthDays())),
                    each.usd().isEmpty() || declared.isEmpty()
                            ? ""
                            : times(declared.getAsDouble(), each.usd().getAsDouble()),
                    each.note());
        }
        section("alternatives", table.lines());
    }

    private void advice() {
        List<String> text = new ArrayList<>();
        for (Advice each : plan.advice()) {
            text.add(
                    switch (each.kind()) {
                                case PROBLEM -> "problem: ";
                                case NO_MODEL -> "no model needed: ";
                                case CHEAPER -> "cheaper: ";
                                case NOTE -> "note: ";
                            }
                            + each.text());
        }
        section("advice", text.stream().map(line -> "  " + line).toList());
    }

    private void assumptions() {
        Columns table = new Columns();
        for (Assumption each : plan.assumptions()) {
            table.row(
                    each.what(),
                    each.value(),
                    each.basis().name().toLowerCase(Locale.ROOT),
                    each.source());
        }
        section("what this rests on", table.lines());
    }

    private void section(String title, List<String> text) {
        if (text.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(title);
        text.forEach(line -> lines.add(line.startsWith("  ") ? line : "  " + line));
    }
}
