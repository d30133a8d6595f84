package dev.thac.plan;

import dev.thac.cost.BudgetSpec;
import dev.thac.model.ModelSpec;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a plan is computed from.
 *
 * @param pipeline the pipeline's name
 * @param workload what happens to its events
 * @param traffic how many there are
 * @param models its models by name
 * @param prices what they cost
 * @param at the first of the seven days whose prices are used
 * @param monthDays days of a month
 * @param budget the money that may be spent, where there is a limit
 * @param assumptions what workload and traffic rest on
 */
public record PlanRequest(
        String pipeline,
        Workload workload,
        Traffic traffic,
        Map<String, ModelSpec> models,
        Prices prices,
        Instant at,
        double monthDays,
        Optional<BudgetSpec> budget,
        List<Assumption> assumptions) {

    /** The mean month of a year. */
    public static final double MEAN_MONTH = 30.4;

    /** Copies the collections. */
    public PlanRequest {
        models = Map.copyOf(models);
        assumptions = List.copyOf(assumptions);
        if (!(monthDays > 0)) {
            throw new IllegalArgumentException("a month has days: " + monthDays);
        }
    }

    PlanRequest with(Workload other) {
        return new PlanRequest(
                pipeline, other, traffic, models, prices, at, monthDays, budget, assumptions);
    }
}
