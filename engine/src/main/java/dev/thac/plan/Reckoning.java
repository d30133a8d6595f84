package dev.thac.plan;

import dev.thac.cost.Price;
import dev.thac.cost.TokenKind;
import dev.thac.model.ModelSpec;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The arithmetic of a plan: hour by hour, tier by tier, what reaches it, how full its batches get,
 * and what that takes. Prices are those in force at the hour, averaged over seven days, because
 * some hold on weekdays only. Every tier an event reaches is paid, also when the next one decides.
 */
final class Reckoning {

    private static final int DAYS = 7;
    private static final double NANOS = 1e9;
    private static final double PER_MILLION = 1e6;

    private final PlanRequest request;
    private final List<AnalysisPlan> analyses = new ArrayList<>();
    private final Map<Place, Hours> hours = new LinkedHashMap<>();

    /** One model tier of one analysis. */
    record Place(String analysis, int tier) {}

    /** What one tier uses in each hour of a mean day. */
    static final class Hours {
        final double[] events = new double[Traffic.HOURS];
        final double[] calls = new double[Traffic.HOURS];
        final double[] input = new double[Traffic.HOURS];
        final double[] output = new double[Traffic.HOURS];
        final double[] thinking = new double[Traffic.HOURS];

        static double sum(double[] hours) {
            double sum = 0;
            for (double hour : hours) {
                sum += hour;
            }
            return sum;
        }
    }

    private Reckoning(PlanRequest request) {
        this.request = request;
    }

    static Reckoning of(PlanRequest request) {
        Reckoning reckoning = new Reckoning(request);
        Workload workload = request.workload();
        double judged = request.traffic().eventsPerDay() * workload.passed() * workload.sampled();
        for (AnalysisLoad analysis : workload.analyses()) {
            reckoning.analyses.add(reckoning.analysis(analysis, judged * analysis.applies()));
        }
        return reckoning;
    }

    List<AnalysisPlan> analyses() {
        return analyses;
    }

    Hours hours(Place place) {
        return hours.getOrDefault(place, new Hours());
    }

    Use use() {
        return analyses.stream().map(AnalysisPlan::use).reduce(Use.NONE, Use::plus);
    }

    private AnalysisPlan analysis(AnalysisLoad analysis, double events) {
        double byRules = events * analysis.rules();
        double byCache = (events - byRules) * analysis.cached();
        double reaching = events - byRules - byCache;
        List<TierPlan> tiers = new ArrayList<>();
        for (TierLoad tier : analysis.tiers()) {
            tiers.add(tier(new Place(analysis.name(), tiers.size()), tier, reaching));
            reaching *= tier.passedOn();
        }
        return new AnalysisPlan(analysis.name(), events, byRules, byCache, tiers);
    }

    private TierPlan tier(Place place, TierLoad tier, double perDay) {
        Hours used = new Hours();
        Traffic traffic = request.traffic();
        double gathered = 0;
        for (int hour = 0; hour < Traffic.HOURS; hour++) {
            double events = perDay * traffic.profile().get(hour);
            double again = events * tier.askedAgain();
            double fill = fill(tier, traffic.perSecondAndInstance(perDay, hour));
            double calls = events / fill;
            gathered += calls;
            used.events[hour] = events;
            used.calls[hour] = calls + again;
            used.input[hour] = tier.input().of(calls + again, events + again);
            used.output[hour] = tier.output().of(calls + again, events + again);
            used.thinking[hour] = tier.thinking().of(calls + again, events + again);
        }
        hours.put(place, used);
        ModelSpec spec = request.models().get(tier.model());
        return new TierPlan(
                tier.model(),
                spec == null ? tier.model() : spec.model(),
                perDay,
                tier.passedOn(),
                tier.size(),
                gathered > 0 ? perDay / gathered : fill(tier, 0),
                new Use(
                        Hours.sum(used.calls),
                        Hours.sum(used.input),
                        Hours.sum(used.output),
                        Hours.sum(used.thinking),
                        usd(tier, used)));
    }

    private static double fill(TierLoad tier, double perSecond) {
        return Fill.achieved(perSecond, tier.size(), tier.longestWait());
    }

    private OptionalDouble usd(TierLoad tier, Hours used) {
        double nanos = 0;
        ZonedDateTime first =
                request.at().atZone(request.traffic().zone()).truncatedTo(ChronoUnit.DAYS);
        for (int day = 0; day < DAYS; day++) {
            for (int hour = 0; hour < Traffic.HOURS; hour++) {
                Optional<Price> price = price(tier, first.plusDays(day), hour);
                if (price.isEmpty()) {
                    return OptionalDouble.empty();
                }
                nanos += nanos(price.get(), used, hour, instant(first.plusDays(day), hour));
            }
        }
        return OptionalDouble.of(nanos / DAYS / NANOS);
    }

    private Optional<Price> price(TierLoad tier, ZonedDateTime day, int hour) {
        return request.prices().price(tier.model(), instant(day, hour));
    }

    private static Instant instant(ZonedDateTime day, int hour) {
        return day.toInstant().plus(Duration.ofHours(hour));
    }

    private static double nanos(Price price, Hours used, int hour, Instant at) {
        if (used.calls[hour] == 0) {
            return 0;
        }
        long size = Math.round(used.input[hour] / used.calls[hour]);
        double input = price.perMillion(TokenKind.INPUT, size, at).nanos() / PER_MILLION;
        double output = price.perMillion(TokenKind.OUTPUT, size, at).nanos() / PER_MILLION;
        return used.input[hour] * input + (used.output[hour] + used.thinking[hour]) * output;
    }
}
