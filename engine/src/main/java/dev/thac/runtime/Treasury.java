package dev.thac.runtime;

import dev.thac.cost.BudgetSpec;
import dev.thac.kafka.LedgerSettings;
import dev.thac.kafka.LedgerTopic;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/**
 * What a running pipeline may spend: its budgets, the ledger they are held against, and a thread
 * that watches them. Thread-safe.
 */
final class Treasury {

    /** No budget applies: nothing is asked, written or watched. */
    static final Treasury NONE = new Treasury(Map.of(), null, null, new Listener());

    private static final Duration WATCH = Duration.ofSeconds(1);

    private final Map<String, BudgetSpec> declared;
    private final @Nullable LedgerTopic topic;
    private final @Nullable Budgets budgets;
    private final Listener listener;
    private volatile @Nullable Thread watch;

    /** Passes on what the ledger has to say, once somebody listens. */
    private static final class Listener implements LedgerTopic.Listener {
        private volatile BiConsumer<String, Exception> ear = (_, _) -> {};

        @Override
        public void trouble(String what, Exception cause) {
            ear.accept(what, cause);
        }
    }

    private Treasury(
            Map<String, BudgetSpec> declared,
            @Nullable LedgerTopic topic,
            @Nullable Budgets budgets,
            Listener listener) {
        this.listener = listener;
        this.declared = declared;
        this.topic = topic;
        this.budgets = budgets;
    }

    /**
     * The budgets that pay for a pipeline. The ledger connects by itself; calls wait for it.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how it runs, and what operators want
     * @param ticker the time
     */
    static Treasury of(
            PipelineSpec spec, ProjectSpec project, RuntimeSettings settings, Ticker ticker) {
        Map<String, BudgetSpec> declared = Budgets.declared(spec, project);
        if (declared.isEmpty()) {
            return NONE;
        }
        // Money that a process holds is its own: one that is started again is another holder.
        String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        String holder = spec.pipeline() + '.' + settings.instance() + '.' + run;
        Listener listener = new Listener();
        LedgerTopic topic =
                LedgerTopic.of(
                        new LedgerSettings(
                                holder,
                                settings.brokers(),
                                LedgerTopic.NAME,
                                Preflight.kafka(spec, settings)),
                        ticker,
                        listener);
        Budgets budgets = new Budgets(declared, spec, project, holder, topic, ticker);
        settings.budgets().forEach(budgets::order);
        return new Treasury(declared, topic, budgets, listener);
    }

    /** The budgets by name. */
    Map<String, BudgetSpec> budgets() {
        return declared;
    }

    /** The same models, paid from the budgets. */
    Models pay(Models models) {
        return budgets == null ? models : budgets.pay(models);
    }

    /**
     * Begins to watch.
     *
     * @param meters where figures go
     * @param trouble hears what goes wrong with the ledger
     */
    void start(Meters meters, BiConsumer<String, Exception> trouble) {
        listener.ear = trouble;
        Budgets watched = budgets;
        if (watched != null) {
            watched.register(meters);
            watch = Thread.ofVirtual().name("thac-budget-watch").start(() -> watch(watched));
        }
    }

    /** How the budgets are doing. */
    List<BudgetStatus> statuses() {
        return budgets == null ? List.of() : budgets.statuses();
    }

    /** Does what operators want; for budgets left out the file holds. */
    void order(Map<String, BudgetOrder> orders) {
        if (budgets != null) {
            declared.keySet()
                    .forEach(
                            name ->
                                    budgets.order(
                                            name, orders.getOrDefault(name, BudgetOrder.NONE)));
        }
    }

    /** Gives back what is not spent, and disconnects. */
    void close() {
        Thread watching = watch;
        if (watching != null) {
            watching.interrupt();
        }
        if (topic != null && budgets != null) {
            budgets.ended(topic);
            topic.close();
        }
    }

    private static void watch(Budgets watched) {
        try {
            while (true) {
                watched.watch();
                Thread.sleep(WATCH);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the pipeline has ended
        }
    }
}
