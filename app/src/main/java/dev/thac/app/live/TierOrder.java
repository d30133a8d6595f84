package dev.thac.app.live;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.CacheMode;
import dev.thac.cascade.TierSpec;
import dev.thac.pipeline.FlowSpec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The order in which the tiers of a pipeline are shown: as in its file. */
public final class TierOrder {

    private TierOrder() {}

    /**
     * The names that verdicts give to tiers.
     *
     * @param flow the pipeline
     * @return names, from free to dear
     */
    public static List<String> of(FlowSpec flow) {
        Set<String> names = new LinkedHashSet<>();
        for (AnalysisSpec analysis : flow.analyses().values()) {
            for (TierSpec tier : analysis.tiers()) {
                switch (tier) {
                    case TierSpec.Rules _ -> names.add("rules");
                    case TierSpec.Learned _ -> names.add("learned");
                    case TierSpec.Model model -> {
                        if (analysis.cache().mode() != CacheMode.OFF) {
                            names.add("cache");
                        }
                        names.add(model.model());
                    }
                }
            }
        }
        return List.copyOf(names);
    }
}
