package dev.thac.model;

import dev.thac.cost.PriceSpec;
import dev.thac.spec.Key;
import dev.thac.spec.Secret;

import java.time.Duration;
import java.util.Optional;

/** One model as the tiers name it. The keys are described by their {@link Key} annotations. */
public record ModelSpec(
        @Key(value = "anthropic or openai (any compatible endpoint).", example = "anthropic")
                Provider provider,
        @Key(
                        "Base URL. Default: the public endpoint of the provider, or"
                                + " ANTHROPIC_BASE_URL / OPENAI_BASE_URL.")
                Optional<String> url,
        @Key("${env:NAME} or ${file:path}. Default: ANTHROPIC_API_KEY or OPENAI_API_KEY.")
                Optional<Secret> apiKey,
        @Key(value = "The model id of the provider.", example = "claude-haiku-5-5") String model,
        @Key("How much it thinks. Left out: the parameter is not sent.") Optional<Effort> effort,
        @Key(value = "Most output tokens of one call, thinking included.", orElse = "4000", min = 1)
                int maxOutputTokens,
        @Key(value = "Sent only when given; several current models refuse it.", min = 0, max = 2)
                Optional<Double> temperature,
        @Key(value = "Deadline over a whole answer.", orElse = "60s") Duration timeout,
        @Key(value = "Limits of the provider account.", orElse = "{}") ModelLimitsSpec limits,
        @Key("Own price. Left out: the price book.") Optional<PriceSpec> price,
        @Key("Another model of this file, used while this provider is unavailable.")
                Optional<String> fallback) {}
