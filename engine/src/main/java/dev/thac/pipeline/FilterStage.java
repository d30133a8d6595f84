package dev.thac.pipeline;

import dev.thac.event.Outcome;
import dev.thac.filter.EventFilter;

/** Ends the events that no pattern matches. */
final class FilterStage implements Stage {

    private final EventFilter filter;

    FilterStage(EventFilter filter) {
        this.filter = filter;
    }

    @Override
    public Progress decide(OpenEvent open) {
        return filter.matches(open.event())
                ? Progress.NEXT
                : open.end(Outcome.FilteredOut.INSTANCE);
    }
}
