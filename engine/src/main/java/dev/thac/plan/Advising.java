package dev.thac.plan;

import dev.thac.cost.Price;
import dev.thac.cost.TokenKind;
import dev.thac.model.ModelSpec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Says plainly what the figures say: what will not work, what is not needed, what costs less. */
final class Advising {

    private static final double NEARLY_ALL = 0.99;
    private static final double MUCH = 0.6;
    private static final double THINKING_MUCH = 0.2;
    private static final double UNFILLED = 0.25;
    private static final double LARGE_MONTH = 10_000;
    private static final double Z95 = 1.96;
    private static final Duration SOON = Duration.ofDays(60);

    private final PlanRequest request;
    private final Reckoning reckoning;
    private final List<Advice> all = new ArrayList<>();

    private Advising(PlanRequest request, Reckoning reckoning) {
        this.request = request;
        this.reckoning = reckoning;
    }

    static List<Advice> of(
            PlanRequest request, Reckoning reckoning, List<AccountPlan> accounts, Latency latency) {
        Advising advising = new Advising(request, reckoning);
        advising.fits();
        accounts.forEach(advising::limits);
        advising.timeouts(latency);
        advising.rules();
        advising.flat();
        advising.output();
        advising.batches();
        advising.volume();
        advising.promptCache();
        advising.priceChanges();
        return List.copyOf(advising.all);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library that is not needed
    private void add(Advice.Kind kind, String text, Object... figures) {
        all.add(new Advice(kind, String.format(Locale.ROOT, text, figures)));
    }

    private void fits() {
        for (AnalysisLoad analysis : request.workload().analyses()) {
            for (TierLoad tier : analysis.tiers()) {
                Fit fit = Fit.of(tier, tier.size(), request);
                if (!fit.fits()) {
                    add(
                            Advice.Kind.PROBLEM,
                            "%s: an answer to %d events takes about %s output tokens, thinking"
                                    + " included; %s may write %s. It will be cut, paid for and"
                                    + " asked again in halves: make the batch smaller or"
                                    + " maxOutputTokens larger",
                            analysis.name(),
                            tier.size(),
                            Words.number(fit.needed()),
                            tier.model(),
                            Words.number(fit.allowed()));
                }
            }
        }
    }

    private void limits(AccountPlan account) {
        limit(account, "calls/min", account.callsPerMinute());
        limit(account, "input tokens/min", account.inputTokensPerMinute());
        limit(account, "output tokens/min", account.outputTokensPerMinute());
        limit(account, "calls in flight", account.callsInFlight());
        if (account.callsPerMinute().limit().isEmpty()
                && account.inputTokensPerMinute().limit().isEmpty()
                && account.outputTokensPerMinute().limit().isEmpty()) {
            EntryTier.exceeded(account)
                    .ifPresent(text -> add(Advice.Kind.NOTE, "%s: %s", account.id(), text));
        }
    }

    private void limit(AccountPlan account, String what, Demand demand) {
        OptionalDouble used = demand.used();
        if (used.isEmpty() || used.getAsDouble() <= 1) {
            return;
        }
        double limit = demand.limit().getAsDouble();
        add(
                Advice.Kind.PROBLEM,
                "%s: the busiest hour needs %s %s, the limit is %s: %s",
                account.id(),
                Words.number(demand.peak()),
                what,
                Words.number(limit),
                demand.mean() > limit
                        ? "events pile up without end"
                        : "events wait until quieter hours");
    }

    private void timeouts(Latency latency) {
        for (Latency.Call call : latency.calls()) {
            ModelSpec spec = request.models().get(call.model());
            if (spec != null && call.p95() > Fill.seconds(spec.timeout())) {
                add(
                        Advice.Kind.PROBLEM,
                        "%s: 5 of 100 calls to %s take longer than %s, its timeout is %s: they"
                                + " are cut off and charged in full",
                        call.analysis(),
                        call.model(),
                        Words.seconds(call.p95()),
                        Words.seconds(Fill.seconds(spec.timeout())));
            }
        }
    }

    private void rules() {
        if (request.workload().analyses().isEmpty()) {
            add(Advice.Kind.NO_MODEL, "no model is asked: this costs nothing at any rate");
        }
        for (AnalysisPlan analysis : reckoning.analyses()) {
            double free = analysis.byRules() / Math.max(1e-9, analysis.events());
            if (!analysis.tiers().isEmpty() && free >= NEARLY_ALL) {
                add(
                        Advice.Kind.NO_MODEL,
                        "%s: rules decide %s of the events; with a rule for the rest"
                                + " (when: \"true\") no model is needed",
                        analysis.name(),
                        Words.percent(free));
            }
        }
    }

    private void flat() {
        for (int i = 0; i < reckoning.analyses().size(); i++) {
            AnalysisPlan plan = reckoning.analyses().get(i);
            if (plan.tiers().size() < 2 || plan.use().usd().isEmpty()) {
                continue;
            }
            TierPlan first = plan.tiers().getFirst();
            double cascade = plan.use().usd().getAsDouble();
            double rest = cascade - first.use().usd().orElse(0);
            if (cascade > 0 && rest > 0) {
                add(
                        Advice.Kind.CHEAPER,
                        "%s: %s of the money goes to the %s that %s passes on (%s of what it"
                                + " sees, %s of all it is asked about). %s alone would save that,"
                                + " %s a month: the cascade buys quality, not savings",
                        plan.name(),
                        Words.percent(rest / cascade),
                        "events",
                        first.model(),
                        Words.percent(first.passedOn()),
                        Words.percent(first.events() * first.passedOn() / plan.events()),
                        first.model(),
                        Words.usd(rest * request.monthDays()));
            }
        }
    }

    private void output() {
        for (AnalysisPlan analysis : reckoning.analyses()) {
            for (TierPlan tier : analysis.tiers()) {
                Optional<Price> price = request.prices().price(tier.model(), request.at());
                if (price.isEmpty() || tier.use().calls() == 0) {
                    continue;
                }
                double in = price.get().perMillion(TokenKind.INPUT).nanos();
                double out = price.get().perMillion(TokenKind.OUTPUT).nanos();
                Use use = tier.use();
                double thinking = use.thinkingTokens() * out;
                double whole = use.inputTokens() * in + use.outputTokens() * out + thinking;
                if (whole > 0 && use.outputTokens() * out / whole >= MUCH) {
                    add(
                            Advice.Kind.CHEAPER,
                            "%s: output is %s of what %s costs: a shorter answer (codes instead"
                                    + " of sentences) saves more than any batching",
                            analysis.name(),
                            Words.percent(use.outputTokens() * out / whole),
                            tier.model());
                }
                if (whole > 0 && thinking / whole >= THINKING_MUCH) {
                    add(
                            Advice.Kind.CHEAPER,
                            "%s: thinking is %s of what %s costs: effort: low or none spends less",
                            analysis.name(),
                            Words.percent(thinking / whole),
                            tier.model());
                }
            }
        }
    }

    private void batches() {
        for (AnalysisPlan analysis : reckoning.analyses()) {
            for (TierPlan tier : analysis.tiers()) {
                if (tier.declaredBatch() > 1
                        && tier.events() > 0
                        && tier.batch() < Math.max(2, UNFILLED * tier.declaredBatch())) {
                    add(
                            Advice.Kind.NOTE,
                            "%s: a batch of %d holds %.2f events on average at %s: it waits and"
                                    + " saves little; let it wait longer or leave it out",
                            analysis.name(),
                            tier.declaredBatch(),
                            tier.batch(),
                            tier.model());
                }
            }
        }
    }

    private void volume() {
        OptionalDouble usd = reckoning.use().usd();
        double month = usd.orElse(0) * request.monthDays();
        double judged =
                request.traffic().eventsPerDay()
                        * request.workload().passed()
                        * request.workload().sampled();
        if (request.workload().sampled() < 1 && judged > 0) {
            add(
                    Advice.Kind.NOTE,
                    "the sample judges %s events a day: a share of half of them is known to"
                            + " +-%.2f points a day (95 %%)",
                    Words.number(judged),
                    Z95 * 0.5 / Math.sqrt(judged) * 100);
        } else if (month > LARGE_MONTH) {
            add(
                    Advice.Kind.NO_MODEL,
                    "%s a month: where shares are wanted and not single verdicts, a sample of 1 %%"
                            + " costs about %s and knows a share of half to +-%.2f points a day"
                            + " (95 %%); where verdicts are wanted, rules for the bulk pay first",
                    Words.usd(month),
                    Words.usd(month / 100),
                    Z95 * 0.5 / Math.sqrt(judged / 100) * 100);
        }
    }

    private void promptCache() {
        Set<String> said = new LinkedHashSet<>();
        for (AnalysisLoad analysis : request.workload().analyses()) {
            for (TierLoad tier : analysis.tiers()) {
                ModelSpec spec = request.models().get(tier.model());
                if (spec == null || !said.add(analysis.name() + tier.model())) {
                    continue;
                }
                int floor = CacheFloor.of(spec.model());
                add(
                        Advice.Kind.NOTE,
                        tier.input().perCall() < floor
                                ? "%s: the prompt of %s tokens is below the %s tokens from which"
                                        + " %s caches prompts: a prompt cache saves nothing"
                                : "%s: the prompt of %s tokens is above the %s tokens from which"
                                        + " %s caches prompts; what its provider may take off by"
                                        + " itself is not counted",
                        analysis.name(),
                        Words.number(tier.input().perCall()),
                        Words.number(floor),
                        spec.model());
            }
        }
    }

    private void priceChanges() {
        Instant then = request.at().plus(SOON);
        for (String model : request.models().keySet().stream().sorted().toList()) {
            Optional<Price> now = request.prices().price(model, request.at());
            Optional<Price> later = request.prices().price(model, then);
            if (used(model) && now.isPresent() && later.isPresent()) {
                double ratio =
                        (double) later.get().perMillion(TokenKind.OUTPUT).nanos()
                                / Math.max(1, now.get().perMillion(TokenKind.OUTPUT).nanos());
                if (now.get().perMillion(TokenKind.OUTPUT).nanos() > 0 && ratio != 1) {
                    add(
                            Advice.Kind.NOTE,
                            "the price of %s changes within 60 days: output times %.2f",
                            model,
                            ratio);
                }
            }
        }
    }

    private boolean used(String model) {
        return request.workload().analyses().stream()
                .flatMap(analysis -> analysis.tiers().stream())
                .anyMatch(tier -> tier.model().equals(model));
    }
}
