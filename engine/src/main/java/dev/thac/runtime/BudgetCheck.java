package dev.thac.runtime;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.cost.BudgetSpec;
import dev.thac.cost.Price;
import dev.thac.cost.PriceBook;
import dev.thac.event.Money;
import dev.thac.model.ModelSpec;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Checks budgets, and that everything they have to pay for has a price: what costs an unknown
 * amount cannot be kept under a limit. Stateless.
 */
final class BudgetCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    /** The bundled book, read only where a file has a budget. */
    private static final class Book {
        static final PriceBook BUNDLED = PriceBook.bundled();
    }

    private BudgetCheck() {}

    /**
     * Checks the budget of a pipeline, and the prices of the models that any budget pays for.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param findings where problems go
     */
    static void check(PipelineSpec spec, ProjectSpec project, Findings findings) {
        spec.budget().ifPresent(budget -> check("budget", budget, findings));
        if (spec.budget().isPresent() && project.budgets().containsKey(spec.pipeline())) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    "budget",
                    "the budget of this pipeline goes by its name, and the project has one of that"
                            + " name, too",
                    "give the budget \"" + spec.pipeline() + "\" of thac.yaml another name");
        }
        used(spec, spec.allModels(project))
                .forEach(
                        (name, place) -> {
                            ModelSpec model = spec.allModels(project).get(name);
                            if (model != null && findings.intact(place)) {
                                payers(spec, project, model).stream()
                                        .findFirst()
                                        .ifPresent(payer -> priced(model, place, payer, findings));
                                payers(spec, project, model)
                                        .forEach(payer -> fits(name, model, payer, findings));
                            }
                        });
    }

    /**
     * A budget that calls of a model are paid from.
     *
     * @param words what it is called in messages
     * @param limit its limit
     * @param path where the limit stands; empty where it is in the other file
     */
    private record Payer(String words, Money limit, Optional<String> path) {}

    /**
     * Checks the budgets of a project.
     *
     * @param project the project
     * @param findings where problems go
     */
    static void check(ProjectSpec project, Findings findings) {
        project.budgets()
                .forEach(
                        (name, budget) -> {
                            String path = "budgets." + name;
                            if (!NAME.matcher(name).matches()) {
                                findings.atKey(
                                        ProblemKind.BAD_VALUE,
                                        path,
                                        "\"" + name + "\" cannot name a budget",
                                        "use letters, digits, dots, hyphens and underscores");
                            }
                            check(path, budget.budget(), findings);
                            models(path + ".models", budget.models(), project, findings);
                        });
    }

    private static void check(String path, BudgetSpec budget, Findings findings) {
        if (findings.intact(path + ".limit") && budget.limit().nanos() == 0) {
            findings.at(
                    ProblemKind.OUT_OF_RANGE,
                    path + ".limit",
                    "\"limit\" must be more than nothing",
                    "who wants no paid call at all leaves the model tiers out");
        }
        ZoneCheck.check(path, budget.zone(), findings);
    }

    private static void models(
            String path, List<String> models, ProjectSpec project, Findings findings) {
        if (!findings.intact(path)) {
            return;
        }
        TreeSet<String> known = new TreeSet<>(project.models().keySet());
        project.models().values().forEach(model -> known.add(model.model()));
        known.addAll(Book.BUNDLED.models());
        for (int index = 0; index < models.size(); index++) {
            if (!known.contains(models.get(index))) {
                findings.at(
                        ProblemKind.UNKNOWN_NAME,
                        path + "[" + index + "]",
                        "neither thac.yaml nor the price book knows a model \""
                                + models.get(index)
                                + "\"",
                        Spelling.nearest(models.get(index), known)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse(
                                        "declare it under models: of thac.yaml, or give the"
                                                + " provider's model id"));
            }
        }
    }

    /** The models that tiers may call, and where to point when one has no price. */
    static Map<String, String> used(PipelineSpec spec, Map<String, ModelSpec> models) {
        Map<String, String> used = new LinkedHashMap<>();
        for (Map.Entry<String, AnalysisSpec> analysis : spec.analyses().entrySet()) {
            List<TierSpec> tiers = analysis.getValue().tiers();
            for (int index = 0; index < tiers.size(); index++) {
                if (tiers.get(index) instanceof TierSpec.Model tier) {
                    String place =
                            "analyses.%s.tiers[%d].model".formatted(analysis.getKey(), index);
                    Optional<String> next = Optional.of(tier.model());
                    while (next.isPresent() && !used.containsKey(next.get())) {
                        String name = next.get();
                        boolean here = spec.models().containsKey(name);
                        used.put(name, here ? "models." + name + ".model" : place);
                        next = Optional.ofNullable(models.get(name)).flatMap(ModelSpec::fallback);
                    }
                }
            }
        }
        return used;
    }

    private static List<Payer> payers(PipelineSpec spec, ProjectSpec project, ModelSpec model) {
        List<Payer> payers = new ArrayList<>();
        spec.budget()
                .ifPresent(
                        budget ->
                                payers.add(
                                        new Payer(
                                                "the budget",
                                                budget.limit(),
                                                Optional.of("budget.limit"))));
        project.budgets()
                .forEach(
                        (name, budget) -> {
                            if (Budgets.pays(budget, model, project)) {
                                payers.add(
                                        new Payer(
                                                "the budget \"" + name + "\" of thac.yaml",
                                                budget.limit(),
                                                Optional.empty()));
                            }
                        });
        return payers;
    }

    /** A limit that one call can pass lets none be made. */
    private static void fits(String name, ModelSpec model, Payer payer, Findings findings) {
        Optional<Price> price = price(model);
        if (price.isEmpty()
                || payer.path().isEmpty()
                || payer.limit().nanos() == 0
                || !findings.intact(payer.path().get())) {
            return;
        }
        Money worst = price.get().worstCost(0, model.maxOutputTokens());
        if (worst.compareTo(payer.limit()) > 0) {
            findings.at(
                    ProblemKind.OUT_OF_RANGE,
                    payer.path().get(),
                    "one call of \"%s\" can cost %s, which is more than the limit: none would be made"
                            .formatted(name, worst),
                    "raise the limit, or lower maxOutputTokens of the model (now "
                            + model.maxOutputTokens()
                            + ")");
        }
    }

    private static Optional<Price> price(ModelSpec model) {
        return model.price().isPresent()
                ? Price.of(model.price().get())
                : Book.BUNDLED.price(model.model(), Instant.now());
    }

    private static void priced(ModelSpec model, String place, Payer payer, Findings findings) {
        if (model.price().isPresent()) {
            return; // own prices are checked where they stand
        }
        if (price(model).isEmpty()) {
            findings.at(
                    ProblemKind.NO_PRICE,
                    place,
                    "there is no known price of \""
                            + model.model()
                            + "\", and "
                            + payer.words()
                            + " needs one",
                    Spelling.nearest(model.model(), Book.BUNDLED.models())
                                    .map(near -> "did you mean \"" + near + "\"?  ")
                                    .orElse("")
                            + "Its own price:  price: { input: 0.10, output: 0.50 }  in USD per"
                            + " million tokens, or  price: { free: true }");
        }
    }
}
