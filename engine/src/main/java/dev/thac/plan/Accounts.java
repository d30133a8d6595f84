package dev.thac.plan;

import dev.thac.model.ModelLimitsSpec;
import dev.thac.model.ModelSpec;
import dev.thac.spec.Rate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** Adds up what provider accounts must bear, in the mean and in the busiest hour. */
final class Accounts {

    private static final double MINUTES_PER_HOUR = 60;
    private static final double MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
    private static final double SECONDS_PER_HOUR = 3600;

    /** Models with the same of all of these share limits. */
    private record Key(String provider, String url, String apiKey, String id) {
        static Key of(ModelSpec spec) {
            return new Key(
                    spec.provider().name(),
                    spec.url().orElse(""),
                    spec.apiKey().map(secret -> secret.reference()).orElse(""),
                    spec.model());
        }
    }

    private static final class Sum {
        private final TreeSet<String> models = new TreeSet<>();
        private final List<ModelLimitsSpec> limits = new ArrayList<>();
        private final double[] calls = new double[Traffic.HOURS];
        private final double[] input = new double[Traffic.HOURS];
        private final double[] output = new double[Traffic.HOURS];
        private final double[] seconds = new double[Traffic.HOURS];
    }

    private Accounts() {}

    static List<AccountPlan> of(PlanRequest request, Reckoning reckoning) {
        Map<Key, Sum> sums = new LinkedHashMap<>();
        for (AnalysisLoad analysis : request.workload().analyses()) {
            for (int i = 0; i < analysis.tiers().size(); i++) {
                TierLoad tier = analysis.tiers().get(i);
                ModelSpec spec = request.models().get(tier.model());
                if (spec != null) {
                    Sum sum = sums.computeIfAbsent(Key.of(spec), _ -> new Sum());
                    sum.models.add(tier.model());
                    sum.limits.add(spec.limits());
                    add(sum, tier, reckoning.hours(new Reckoning.Place(analysis.name(), i)));
                }
            }
        }
        return sums.entrySet().stream()
                .map(entry -> account(entry.getKey().id(), entry.getValue()))
                .toList();
    }

    private static void add(Sum sum, TierLoad tier, Reckoning.Hours hours) {
        for (int hour = 0; hour < Traffic.HOURS; hour++) {
            double calls = hours.calls[hour];
            double output = hours.output[hour] + hours.thinking[hour];
            sum.calls[hour] += calls;
            sum.input[hour] += hours.input[hour];
            sum.output[hour] += output;
            sum.seconds[hour] += calls == 0 ? 0 : calls * tier.time().mean(output / calls);
        }
    }

    private static AccountPlan account(String id, Sum sum) {
        return new AccountPlan(
                id,
                List.copyOf(sum.models),
                perMinute(sum.calls, rate(sum, ModelLimitsSpec::requests)),
                perMinute(sum.input, rate(sum, ModelLimitsSpec::inputTokens)),
                perMinute(sum.output, rate(sum, ModelLimitsSpec::outputTokens)),
                new Demand(
                        Reckoning.Hours.sum(sum.seconds) / Traffic.HOURS / SECONDS_PER_HOUR,
                        most(sum.seconds) / SECONDS_PER_HOUR,
                        sum.limits.stream().mapToDouble(ModelLimitsSpec::concurrency).min()));
    }

    private static Demand perMinute(double[] hours, OptionalDouble limit) {
        return new Demand(
                Reckoning.Hours.sum(hours) / MINUTES_PER_DAY,
                most(hours) / MINUTES_PER_HOUR,
                limit);
    }

    private static double most(double[] hours) {
        double most = 0;
        for (double hour : hours) {
            most = Math.max(most, hour);
        }
        return most;
    }

    private static OptionalDouble rate(Sum sum, Function<ModelLimitsSpec, Optional<Rate>> kind) {
        BinaryOperator<Double> lesser = Math::min;
        return sum.limits.stream()
                .map(kind)
                .flatMap(Optional::stream)
                .map(rate -> rate.perSecond() * MINUTES_PER_HOUR)
                .reduce(lesser)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }
}
