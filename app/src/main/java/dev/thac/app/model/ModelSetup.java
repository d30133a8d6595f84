package dev.thac.app.model;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Accounts;
import dev.thac.model.ModelSpec;
import dev.thac.model.Models;
import dev.thac.model.Provider;
import dev.thac.pipeline.FlowSpec;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Secret;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The models of a pipeline, each at its provider or redirected to a simulator.
 *
 * @param specs all models by name, redirected where simulated
 * @param environment variables for keys and base URLs
 * @param simulated names of models that the simulator answers for
 * @param real names of models that cost money
 */
public record ModelSetup(
        Map<String, ModelSpec> specs,
        Map<String, String> environment,
        Set<String> simulated,
        Set<String> real) {

    private static final String SIMULATED_KEY = "THAC_SIMULATED_KEY";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([^}]+)}");

    /**
     * The models a pipeline's tiers use, and those they fall back to.
     *
     * @param flow the pipeline
     * @return name to spec, in the order of use
     */
    public static Map<String, ModelSpec> used(FlowSpec flow) {
        Set<String> names = new LinkedHashSet<>();
        for (AnalysisSpec analysis : flow.analyses().values()) {
            for (TierSpec tier : analysis.tiers()) {
                if (tier instanceof TierSpec.Model model) {
                    Optional<String> next = Optional.of(model.model());
                    while (next.isPresent() && names.add(next.get())) {
                        next =
                                Optional.ofNullable(flow.models().get(next.get()))
                                        .flatMap(ModelSpec::fallback);
                    }
                }
            }
        }
        Map<String, ModelSpec> used = new LinkedHashMap<>();
        for (String name : names) {
            ModelSpec spec = flow.models().get(name);
            if (spec != null) {
                used.put(name, spec);
            }
        }
        return used;
    }

    /**
     * Every model at its provider.
     *
     * @param specs models by name
     * @param environment variables
     * @return nothing is simulated
     */
    public static ModelSetup real(Map<String, ModelSpec> specs, Map<String, String> environment) {
        return new ModelSetup(specs, environment, Set.of(), specs.keySet());
    }

    /**
     * Redirects models to a simulator.
     *
     * @param specs models by name
     * @param environment variables
     * @param which which of them, by name
     * @param simulator its base URL
     * @return the models
     */
    public static ModelSetup simulating(
            Map<String, ModelSpec> specs,
            Map<String, String> environment,
            Predicate<ModelSpec> which,
            URI simulator) {
        Map<String, ModelSpec> all = new LinkedHashMap<>();
        Set<String> simulated = new LinkedHashSet<>();
        Set<String> real = new LinkedHashSet<>();
        specs.forEach(
                (name, spec) -> {
                    boolean redirect = which.test(spec);
                    all.put(name, redirect ? redirected(spec, simulator) : spec);
                    (redirect ? simulated : real).add(name);
                });
        Map<String, String> variables = new HashMap<>(environment);
        variables.put(SIMULATED_KEY, "simulated");
        return new ModelSetup(all, variables, simulated, real);
    }

    /**
     * Whether a key or an own address for a model is at hand.
     *
     * @param spec the model
     * @param environment variables
     * @return true when calls could be made for real
     */
    public static boolean reachable(ModelSpec spec, Map<String, String> environment) {
        Predicate<String> set = name -> !environment.getOrDefault(name, "").isBlank();
        if (spec.apiKey().isPresent()) {
            Matcher variable = VARIABLE.matcher(spec.apiKey().get().reference());
            return !variable.matches() || set.test(variable.group(1));
        }
        return switch (spec.provider()) {
            case ANTHROPIC -> set.test("ANTHROPIC_API_KEY") || set.test("ANTHROPIC_BASE_URL");
            case OPENAI -> set.test("OPENAI_API_KEY") || set.test("OPENAI_BASE_URL");
        };
    }

    /**
     * Puts the models together, at the bundled prices.
     *
     * @param meters where calls are counted
     * @return ready to be called
     */
    public Models open(Meters meters) {
        return open(meters, PriceBook.bundled());
    }

    /**
     * Puts the models together.
     *
     * @param meters where calls are counted
     * @param prices the project's price book
     * @return ready to be called
     */
    public Models open(Meters meters, PriceBook prices) {
        return open(meters, prices, new Accounts());
    }

    /**
     * Puts the models together, on accounts that other pipelines of this process use, too.
     *
     * @param meters where calls are counted
     * @param prices the project's price book
     * @param accounts the accounts of this process
     * @return ready to be called
     */
    public Models open(Meters meters, PriceBook prices, Accounts accounts) {
        return Models.of(specs, environment, prices, meters, Ticker.system(), accounts);
    }

    private static ModelSpec redirected(ModelSpec spec, URI simulator) {
        String path = spec.provider() == Provider.OPENAI ? "/v1" : "";
        return new ModelSpec(
                spec.provider(),
                Optional.of(simulator + path),
                Optional.of(new Secret("${env:" + SIMULATED_KEY + "}")),
                spec.model(),
                spec.effort(),
                spec.maxOutputTokens(),
                spec.temperature(),
                spec.timeout(),
                spec.limits(),
                spec.price(),
                spec.fallback());
    }
}
