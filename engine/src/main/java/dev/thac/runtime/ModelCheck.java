package dev.thac.runtime;

import dev.thac.cost.PriceSpec;
import dev.thac.model.ModelSpec;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks the models of a file. Stateless. */
final class ModelCheck {

    private ModelCheck() {}

    /**
     * Checks the models at {@code models}.
     *
     * @param models those of the file
     * @param known those a fallback may name
     * @param findings where problems go
     */
    static void check(
            Map<String, ModelSpec> models, Map<String, ModelSpec> known, Findings findings) {
        models.forEach(
                (name, model) -> {
                    String path = "models." + name;
                    if (findings.intact(path)) {
                        url(path, model, findings);
                        price(path, model, findings);
                        if (model.timeout().isZero()) {
                            findings.at(
                                    ProblemKind.OUT_OF_RANGE,
                                    path + ".timeout",
                                    "\"timeout\" must be more than nothing",
                                    "");
                        }
                        fallback(name, model, known, findings);
                        weights(path + ".limits.weights", model, findings);
                    }
                });
    }

    private static void url(String path, ModelSpec model, Findings findings) {
        if (model.url().isEmpty()) {
            return;
        }
        String url = model.url().get();
        try {
            URI uri = new URI(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return;
            }
        } catch (URISyntaxException _) {
            // reported below, as any other text that is no URL
        }
        findings.at(
                ProblemKind.BAD_VALUE,
                path + ".url",
                "\"url\" cannot be \"" + url + "\"",
                "write it as https://host/path");
    }

    private static void price(String path, ModelSpec model, Findings findings) {
        if (model.price().isEmpty()) {
            return;
        }
        PriceSpec price = model.price().get();
        boolean amounts =
                price.input().isPresent()
                        || price.output().isPresent()
                        || price.cacheRead().isPresent()
                        || price.cacheWrite().isPresent();
        if (price.free() && amounts) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".price.free",
                    "a free model has no price",
                    "remove free, or the amounts");
        } else if (!price.free() && (price.input().isEmpty() || price.output().isEmpty())) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    path + ".price",
                    "\"price\" needs input and output",
                    "give both in USD per million tokens, or free: true");
        }
    }

    private static void weights(String path, ModelSpec model, Findings findings) {
        model.limits()
                .weights()
                .forEach(
                        (pipeline, weight) -> {
                            if (weight < 1) {
                                findings.at(
                                        ProblemKind.OUT_OF_RANGE,
                                        path + "." + pipeline,
                                        "the weight of \"" + pipeline + "\" must be at least 1",
                                        "leave it out for 1");
                            }
                        });
    }

    private static void fallback(
            String name, ModelSpec model, Map<String, ModelSpec> known, Findings findings) {
        if (model.fallback().isEmpty()) {
            return;
        }
        String path = "models." + name + ".fallback";
        String other = model.fallback().get();
        if (!known.containsKey(other)) {
            findings.at(
                    ProblemKind.UNKNOWN_NAME,
                    path,
                    "no model is named \"" + other + "\"",
                    Spelling.advice(other, known.keySet(), "models"));
            return;
        }
        Set<String> passed = new HashSet<>(Set.of(name));
        String next = other;
        while (passed.add(next)) {
            ModelSpec reached = known.get(next);
            if (reached == null || reached.fallback().isEmpty()) {
                return;
            }
            next = reached.fallback().get();
        }
        findings.at(
                ProblemKind.LOOP,
                path,
                "the fallbacks of \"" + name + "\" lead back to \"" + next + "\"",
                "the last model of a chain has no fallback");
    }
}
