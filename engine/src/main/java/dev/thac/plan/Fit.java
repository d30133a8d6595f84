package dev.thac.plan;

import dev.thac.model.ModelSpec;

/**
 * Whether the answer to a full call fits what the model may write, thinking included. One that does
 * not is cut: the call is paid and its batch split.
 *
 * @param needed output tokens of a full call
 * @param allowed {@code maxOutputTokens}
 */
record Fit(double needed, int allowed) {

    static Fit of(TierLoad tier, int size, PlanRequest request) {
        ModelSpec spec = request.models().get(tier.model());
        return new Fit(
                tier.output().plus(tier.thinking()).of(1, size),
                spec == null ? Integer.MAX_VALUE : spec.maxOutputTokens());
    }

    boolean fits() {
        return needed <= allowed;
    }
}
