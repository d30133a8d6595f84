package dev.thac.pipeline;

import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.route.Router;

import java.util.List;

/** Makes the output records; always the last stage. */
final class RouteStage implements Stage {

    private final Router router;

    RouteStage(Router router) {
        this.router = router;
    }

    @Override
    public Progress decide(OpenEvent open) {
        return switch (router.route(open.event(), open.trail(), open.marks())) {
            case Router.Routing.Sent(List<SinkRecord> records) ->
                    open.end(new Outcome.Routed(records, open.trail()));
            case Router.Routing.Refused(Failure failure) -> open.fail(failure);
        };
    }
}
