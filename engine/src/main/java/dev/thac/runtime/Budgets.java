package dev.thac.runtime;

import dev.thac.cost.AtLimit;
import dev.thac.cost.Budget;
import dev.thac.cost.BudgetSpec;
import dev.thac.cost.BudgetStanding;
import dev.thac.cost.BudgetState;
import dev.thac.cost.PriceSpec;
import dev.thac.cost.SharedBudgetSpec;
import dev.thac.cost.Spending;
import dev.thac.event.JsonText;
import dev.thac.event.Money;
import dev.thac.kafka.LedgerTopic;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.ModelSpec;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The budgets that pay for the calls of one running pipeline: its own and those of its project that
 * apply to its models. Thread-safe.
 */
final class Budgets {

    private static final Logger LOGGER = LoggerFactory.getLogger(Budgets.class);

    private final String pipeline;
    private final String holder;
    private final LedgerTopic ledger;
    private final Ticker ticker;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, List<Budget>> payers = new LinkedHashMap<>();

    /** What is said once: a budget gets into a state, in a period, with a limit. */
    private record Said(Instant period, Money limit, BudgetStatus.State state) {}

    /** One budget; what was ordered and said changes under its lock. */
    private static final class Entry {
        private final BudgetSpec spec;
        private final Budget budget;
        private BudgetOrder order = BudgetOrder.NONE;
        private final Set<Said> said = new HashSet<>();

        Entry(BudgetSpec spec, Budget budget) {
            this.spec = spec;
            this.budget = budget;
        }
    }

    /**
     * The budgets of a pipeline in a ledger.
     *
     * @param declared from {@link #declared}
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param holder the name under which the ledger holds money
     * @param ledger the books of this run
     * @param ticker the time
     */
    Budgets(
            Map<String, BudgetSpec> declared,
            PipelineSpec spec,
            ProjectSpec project,
            String holder,
            LedgerTopic ledger,
            Ticker ticker) {
        this.pipeline = spec.pipeline();
        this.holder = holder;
        this.ledger = ledger;
        this.ticker = ticker;
        declared.forEach(
                (name, budget) ->
                        entries.put(name, new Entry(budget, ledger.budget(name, budget))));
        spec.allModels(project)
                .forEach((name, model) -> payers.put(name, payers(spec, project, model)));
    }

    /**
     * The budgets that pay for calls of a pipeline.
     *
     * @return name to budget, its own first; it goes by the pipeline's name
     */
    static Map<String, BudgetSpec> declared(PipelineSpec spec, ProjectSpec project) {
        List<ModelSpec> paid = paid(spec, project);
        Map<String, BudgetSpec> declared = new LinkedHashMap<>();
        if (paid.isEmpty()) {
            return declared;
        }
        spec.budget().ifPresent(budget -> declared.put(spec.pipeline(), budget));
        project.budgets()
                .forEach(
                        (name, shared) -> {
                            if (paid.stream().anyMatch(model -> pays(shared, model, project))) {
                                declared.putIfAbsent(name, shared.budget());
                            }
                        });
        return declared;
    }

    /** The models that tiers may call and that cost something. */
    private static List<ModelSpec> paid(PipelineSpec spec, ProjectSpec project) {
        Map<String, ModelSpec> models = spec.allModels(project);
        List<ModelSpec> paid = new ArrayList<>();
        for (String name : BudgetCheck.used(spec, models).keySet()) {
            ModelSpec model = models.get(name);
            if (model != null && !model.price().map(PriceSpec::free).orElse(false)) {
                paid.add(model);
            }
        }
        return paid;
    }

    /** Whether a shared budget pays for the calls of a model: it names models by id, or none. */
    static boolean pays(SharedBudgetSpec budget, ModelSpec model, ProjectSpec project) {
        return budget.models().isEmpty()
                || budget.models().stream()
                        .map(
                                name ->
                                        Optional.ofNullable(project.models().get(name))
                                                .map(ModelSpec::model)
                                                .orElse(name))
                        .anyMatch(model.model()::equals);
    }

    /** The same models, paid from these budgets. */
    Models pay(Models models) {
        return models.spending(
                name -> {
                    List<Budget> all = payers.getOrDefault(name, List.of());
                    return all.isEmpty() ? Spending.UNLIMITED : ledger.spending(all);
                });
    }

    /** Does what an operator wants; of budgets that are not here, nothing. */
    void order(String name, BudgetOrder order) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return;
        }
        synchronized (entry) {
            entry.order = order;
            obey(entry);
        }
    }

    /** Writes that this holder has given back what it did not spend: it is not to be waited for. */
    void ended(LedgerTopic topic) {
        String value =
                JsonText.text(Map.of("v", 1, "holder", holder, "at", ticker.now().toString()));
        topic.append("end|" + holder, value.getBytes(StandardCharsets.UTF_8));
    }

    /** How all of them are doing. */
    List<BudgetStatus> statuses() {
        List<BudgetStatus> statuses = new ArrayList<>();
        entries.forEach((_, entry) -> statuses.add(status(entry)));
        return List.copyOf(statuses);
    }

    void register(Meters meters) {
        entries.forEach(
                (name, entry) -> {
                    String per = entry.spec.per().name().toLowerCase(Locale.ROOT);
                    meters.gauge(Metric.BUDGET_LIMIT, () -> usd(status(entry).limit()), name, per);
                    meters.gauge(Metric.BUDGET_SPENT, () -> usd(status(entry).spent()), name, per);
                    meters.gauge(
                            Metric.BUDGET_RESERVED,
                            () -> usd(status(entry).reservedHere()),
                            name,
                            per);
                    meters.gauge(
                            Metric.BUDGET_FORECAST,
                            () -> usd(status(entry).forecast(ticker.now())),
                            name,
                            per);
                    meters.gauge(Metric.BUDGET_STATE, () -> status(entry).state().figure(), name);
                });
    }

    /** From time to time: limits that were ordered for a while end, and changes are told once. */
    void watch() {
        for (Entry entry : entries.values()) {
            synchronized (entry) {
                obey(entry);
                BudgetStatus status = status(entry);
                entry.said.removeIf(each -> !each.period().equals(status.start()));
                if (status.state() != BudgetStatus.State.OK
                        && entry.said.add(
                                new Said(status.start(), status.limit(), status.state()))) {
                    tell(
                            status,
                            status.state() == BudgetStatus.State.WARN
                                    ? "a budget is nearly used up"
                                    : "a budget is used up or paused");
                }
            }
        }
    }

    private void tell(BudgetStatus status, String what) {
        LOGGER.atWarn()
                .addKeyValue("pipeline", pipeline)
                .addKeyValue("budget", status.name())
                .addKeyValue("spent", status.spent())
                .addKeyValue("limit", status.limit())
                .addKeyValue("until", status.end())
                .addKeyValue("reason", status.reason())
                .log(what);
    }

    private void obey(Entry entry) {
        Money limit = entry.order.limit(entry.spec.limit(), ticker.now());
        BudgetStanding standing = entry.budget.standing();
        if (!standing.limit().equals(limit)) {
            entry.budget.limit(limit);
        }
        if (entry.order.paused() != (standing.state() == BudgetState.PAUSED)) {
            entry.budget.paused(entry.order.paused());
        }
    }

    private BudgetStatus status(Entry entry) {
        BudgetStanding now = entry.budget.standing();
        BudgetStatus.State state =
                switch (now.state()) {
                    case OK -> BudgetStatus.State.OK;
                    case WARN -> BudgetStatus.State.WARN;
                    case AT_LIMIT ->
                            entry.spec.atLimit() == AtLimit.PAUSE
                                    ? BudgetStatus.State.PAUSED
                                    : BudgetStatus.State.DEGRADED;
                    case PAUSED -> BudgetStatus.State.PAUSED;
                };
        return new BudgetStatus(
                now.budget(),
                entry.spec.per(),
                now.period().start(),
                now.period().end(),
                now.limit(),
                now.used(),
                now.reservedHere(),
                now.spentHere(),
                state,
                now.state() == BudgetState.PAUSED,
                entry.spec.atLimit(),
                holder);
    }

    private List<Budget> payers(PipelineSpec spec, ProjectSpec project, ModelSpec model) {
        List<Budget> all = new ArrayList<>();
        entries.forEach(
                (name, entry) -> {
                    SharedBudgetSpec shared = project.budgets().get(name);
                    boolean own = spec.budget().isPresent() && name.equals(spec.pipeline());
                    if (own || (shared != null && pays(shared, model, project))) {
                        all.add(entry.budget);
                    }
                });
        return List.copyOf(all);
    }

    private static double usd(Money money) {
        return money.toUsd().doubleValue();
    }
}
