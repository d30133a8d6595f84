package dev.thac.runtime;

import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;

import java.util.ArrayList;
import java.util.List;

/** The one list of what runs beside the lanes of a pipeline. */
final class Companions {

    private Companions() {}

    /**
     * What a pipeline file wants beside its lanes; nothing is connected to.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how
     * @param meters where figures go
     * @param ticker the time
     * @return the companions, to be started in this order
     */
    static List<Companion> of(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters,
            Ticker ticker) {
        List<Companion> companions = new ArrayList<>();
        companions.addAll(new Topologies(spec, project, settings, meters, ticker).companions());
        companions.addAll(Sinking.of(spec, project, settings, meters, ticker));
        return companions;
    }
}
