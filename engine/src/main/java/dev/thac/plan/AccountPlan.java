package dev.thac.plan;

import java.util.List;

/**
 * What a provider account must bear. Models with the same provider, address, key and id share one.
 *
 * @param id the provider's model id
 * @param models the names of the models that share it
 * @param callsPerMinute calls started
 * @param inputTokensPerMinute input tokens
 * @param outputTokensPerMinute output tokens, thinking included
 * @param callsInFlight calls at the same time
 */
public record AccountPlan(
        String id,
        List<String> models,
        Demand callsPerMinute,
        Demand inputTokensPerMinute,
        Demand outputTokensPerMinute,
        Demand callsInFlight) {

    /** Copies the names. */
    public AccountPlan {
        models = List.copyOf(models);
    }
}
