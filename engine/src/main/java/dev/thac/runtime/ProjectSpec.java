package dev.thac.runtime;

import dev.thac.cost.SharedBudgetSpec;
import dev.thac.database.DatabaseSpec;
import dev.thac.model.ModelSpec;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;

import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/** A project file, thac.yaml. The keys are described by their {@link Key} annotations. */
public record ProjectSpec(
        @Key("Bootstrap servers, HOST:PORT separated by commas.") Optional<String> brokers,
        @Key("Models every pipeline of the project may use.") Map<String, ModelSpec> models,
        @Key("Databases by name, for lookups and sinks.") Map<String, DatabaseSpec> databases,
        @Key("Budgets shared by the pipelines of the project, by name.")
                Map<String, SharedBudgetSpec> budgets,
        @NotYet @Key("Other names for internal topics.") Map<String, String> topics,
        @Key("Client settings for every pipeline.") Map<String, String> kafka,
        @Key(
                        value =
                                "Time zone whose midnight begins a day of spending, for example"
                                        + " Asia/Ho_Chi_Minh.",
                        orElse = "UTC")
                String zone) {

    /**
     * The same project with other databases.
     *
     * @param others name to declaration
     * @return a copy
     */
    public ProjectSpec withDatabases(Map<String, DatabaseSpec> others) {
        return new ProjectSpec(brokers, models, others, budgets, topics, kafka, zone);
    }

    /**
     * Whose midnight begins a day of spending.
     *
     * @return the zone
     */
    public ZoneId days() {
        return ZoneId.of(zone);
    }
}
