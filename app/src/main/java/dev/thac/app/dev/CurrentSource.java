package dev.thac.app.dev;

import dev.thac.app.http.StatusServer;
import dev.thac.app.live.RunningPipelines;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Shows whatever runs now: the pipeline is started anew when its file is saved. */
record CurrentSource(Supplier<RunningPipelines> current, LatestRecords latest)
        implements StatusServer.Source {

    @Override
    public Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>(current.get().status());
        status.put("latest", latest.records());
        return status;
    }

    @Override
    public String metrics() {
        return current.get().metrics();
    }

    @Override
    public boolean healthy() {
        return current.get().healthy();
    }
}
