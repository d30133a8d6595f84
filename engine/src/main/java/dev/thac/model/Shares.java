package dev.thac.model;

import java.util.HashMap;
import java.util.Map;

/**
 * Which part of an account is this process' own: of each pipeline that shares the account, by
 * weight, the part of its source that is held here. A pipeline whose weight is declared counts
 * wherever it runs; one that is not counts as one where it runs. Several claims of one pipeline,
 * its replays, are one pipeline: they divide its weight. Thread-safe.
 */
final class Shares {

    private static final double DEFAULT_WEIGHT = 1;

    /** All below: guarded by this. */
    private final Map<String, Double> weights = new HashMap<>();

    /** Pipeline to what its claims hold; a pipeline stays, with its weight, when it has ended. */
    private final Map<String, Map<Claim, Double>> held = new HashMap<>();

    /** Adds weights; the first word about a pipeline stands. */
    synchronized void declare(Map<String, Integer> more) {
        more.forEach((pipeline, weight) -> weights.putIfAbsent(pipeline, weight.doubleValue()));
    }

    synchronized double weight(String pipeline) {
        return weights.getOrDefault(pipeline, DEFAULT_WEIGHT);
    }

    synchronized void hold(Claim claim, double share) {
        held.computeIfAbsent(claim.pipeline(), _ -> new HashMap<>()).put(claim, share);
    }

    synchronized void end(Claim claim) {
        Map<Claim, Double> claims = held.get(claim.pipeline());
        if (claims != null) {
            claims.remove(claim);
        }
    }

    /** This process' part of the account: all of it while nobody claims any. */
    synchronized double total() {
        if (held.isEmpty()) {
            return 1;
        }
        double all = 0;
        for (double weight : weights.values()) {
            all += weight;
        }
        double own = 0;
        for (Map.Entry<String, Map<Claim, Double>> pipeline : held.entrySet()) {
            double weight = weight(pipeline.getKey());
            all += weights.containsKey(pipeline.getKey()) ? 0 : weight;
            own += weight * average(pipeline.getValue());
        }
        return Math.min(1, own / all);
    }

    private static double average(Map<Claim, Double> claims) {
        double sum = 0;
        for (double share : claims.values()) {
            sum += share;
        }
        return claims.isEmpty() ? 0 : sum / claims.size();
    }
}
