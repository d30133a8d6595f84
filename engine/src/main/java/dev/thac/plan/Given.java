package dev.thac.plan;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the user says about the events.
 *
 * @param shares by tier, or by analysis and tier with a dot between: of what reaches it, the share
 *     that {@code rules} or {@code cache} decide, or that a model passes on
 * @param eventTokens input tokens of one event without its wrapper
 * @param outputTokens output tokens of one answer
 * @param thinking thinking tokens of one call, by model
 */
public record Given(
        Map<String, Double> shares,
        OptionalDouble eventTokens,
        OptionalDouble outputTokens,
        Map<String, Double> thinking) {

    /** Nothing. */
    public static final Given NOTHING =
            new Given(Map.of(), OptionalDouble.empty(), OptionalDouble.empty(), Map.of());

    /** Copies the maps and refuses what is no share. */
    public Given {
        shares = Map.copyOf(shares);
        thinking = Map.copyOf(thinking);
        shares.forEach(Shares::check);
    }

    OptionalDouble share(String analysis, String tier) {
        Double own = shares.get(analysis + "." + tier);
        Double any = own == null ? shares.get(tier) : own;
        return any == null ? OptionalDouble.empty() : OptionalDouble.of(any);
    }
}
