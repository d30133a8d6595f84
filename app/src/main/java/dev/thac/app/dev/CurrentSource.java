package dev.thac.app.dev;

import dev.thac.app.http.StatusServer;
import dev.thac.app.live.RunningPipelines;

import java.util.Map;
import java.util.function.Supplier;

/** Shows whatever runs now: the pipeline is started anew when its file is saved. */
record CurrentSource(Supplier<RunningPipelines> current) implements StatusServer.Source {

    @Override
    public Map<String, Object> status() {
        return current.get().status();
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
