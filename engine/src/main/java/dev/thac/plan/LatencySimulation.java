package dev.thac.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends events of a mean day down the cascade of one process, with random arrivals, batches and
 * call times, and looks how long they take. Always the same random numbers, so that the same plan
 * has the same answer.
 */
final class LatencySimulation {

    private static final int EVENTS = 12_000;
    private static final double Z95 = 1.6449;

    private final PlanRequest request;
    private final SplittableRandom random = new SplittableRandom(20_260_101);

    /** An event at a tier: when it came here, and its number. */
    private record Arrival(double at, int event) {}

    private LatencySimulation(PlanRequest request) {
        this.request = request;
    }

    static Latency of(PlanRequest request, Reckoning reckoning) {
        double[] seconds = new LatencySimulation(request).seconds();
        Arrays.sort(seconds);
        return new Latency(
                quantile(seconds, 0.5), quantile(seconds, 0.95), calls(reckoning, request));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.floor(share * (sorted.length - 1))];
    }

    private static List<Latency.Call> calls(Reckoning reckoning, PlanRequest request) {
        List<Latency.Call> calls = new ArrayList<>();
        for (int i = 0; i < reckoning.analyses().size(); i++) {
            AnalysisPlan analysis = reckoning.analyses().get(i);
            for (int j = 0; j < analysis.tiers().size(); j++) {
                TierLoad tier = request.workload().analyses().get(i).tiers().get(j);
                double output =
                        tier.output().plus(tier.thinking()).of(1, analysis.tiers().get(j).batch());
                double median = tier.time().median(output);
                calls.add(
                        new Latency.Call(
                                analysis.name(),
                                tier.model(),
                                median,
                                median * Math.exp(Z95 * tier.time().sigma())));
            }
        }
        return calls;
    }

    private double[] seconds() {
        Traffic traffic = request.traffic();
        double judged =
                traffic.eventsPerDay() * request.workload().passed() * request.workload().sampled();
        double[] all = new double[0];
        for (int hour = 0; hour < Traffic.HOURS; hour++) {
            int events = (int) Math.round(EVENTS * traffic.profile().get(hour));
            double rate = traffic.perSecondAndInstance(judged, hour);
            if (events > 0 && rate > 0) {
                double[] some = hour(events, rate);
                int before = all.length;
                all = Arrays.copyOf(all, before + events);
                System.arraycopy(some, 0, all, before, events);
            }
        }
        return all;
    }

    private double[] hour(int events, double rate) {
        double[] came = new double[events];
        double time = 0;
        for (int i = 0; i < events; i++) {
            time += -Math.log(1 - random.nextDouble()) / rate;
            came[i] = time;
        }
        double[] longest = new double[events];
        for (AnalysisLoad analysis : request.workload().analyses()) {
            double[] done = descend(analysis, came);
            for (int i = 0; i < events; i++) {
                longest[i] = Math.max(longest[i], done[i] - came[i]);
            }
        }
        return longest;
    }

    private double[] descend(AnalysisLoad analysis, double[] came) {
        double[] done = came.clone();
        List<Arrival> arrivals = new ArrayList<>();
        double reaching = analysis.applies() * (1 - analysis.rules()) * (1 - analysis.cached());
        for (int i = 0; i < came.length; i++) {
            if (random.nextDouble() < reaching) {
                arrivals.add(new Arrival(came[i], i));
            }
        }
        for (TierLoad tier : analysis.tiers()) {
            arrivals.sort(Comparator.comparingDouble(Arrival::at));
            List<Arrival> next = new ArrayList<>();
            int first = 0;
            while (first < arrivals.size()) {
                int end = batchEnd(tier, arrivals, first);
                double answered = closed(tier, arrivals, first, end) + call(tier, end - first);
                for (Arrival arrival : arrivals.subList(first, end)) {
                    done[arrival.event()] = answered;
                    if (random.nextDouble() < tier.passedOn()) {
                        next.add(new Arrival(answered, arrival.event()));
                    }
                }
                first = end;
            }
            arrivals = next;
        }
        return done;
    }

    private static int batchEnd(TierLoad tier, List<Arrival> arrivals, int first) {
        int end = first + 1;
        double until = deadline(tier, arrivals.get(first));
        while (end < arrivals.size()
                && end - first < tier.size()
                && arrivals.get(end).at() <= until) {
            end++;
        }
        return end;
    }

    /** When a batch closes: with its last event, or when the first has waited long enough. */
    private static double closed(TierLoad tier, List<Arrival> arrivals, int first, int end) {
        double last = arrivals.get(end - 1).at();
        double until = deadline(tier, arrivals.get(first));
        return end - first == tier.size() || Double.isInfinite(until) ? last : until;
    }

    private static double deadline(TierLoad tier, Arrival first) {
        return tier.longestWait().isEmpty()
                ? Double.POSITIVE_INFINITY
                : first.at() + Fill.seconds(tier.longestWait().get());
    }

    private double call(TierLoad tier, int items) {
        double output = tier.output().plus(tier.thinking()).of(1, items);
        return tier.time().median(output) * Math.exp(tier.time().sigma() * gaussian());
    }

    private double gaussian() {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
