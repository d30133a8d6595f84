package dev.thac.window;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The open windows of one group, in the order of time: what an event changes, and what closes as
 * time passes. Knows nothing of Kafka. Not thread-safe.
 */
final class Group {

    /** There is nothing to be closed. */
    static final long NEVER = Long.MAX_VALUE;

    private final WindowPlan plan;
    private final List<Span> spans = new ArrayList<>();
    private long indexed = NEVER;

    /** Who takes the windows' figures. */
    interface Teller {
        /**
         * A window as it is now.
         *
         * @return whether it is to begin again
         */
        boolean tell(long start, long end, Figure[] figures);

        /** A session that was told before has become part of another. */
        void retract(long start, long end);
    }

    private Group(WindowPlan plan) {
        this.plan = plan;
    }

    /** Reads what {@link #write} wrote; a group without windows where there is nothing. */
    static Group read(WindowPlan plan, byte @Nullable [] bytes) {
        Group group = new Group(plan);
        if (bytes != null) {
            PackedReader in = new PackedReader(bytes);
            group.indexed = in.fixed();
            int size = in.count();
            for (int i = 0; i < size; i++) {
                group.spans.add(Span.read(plan.measures(), in));
            }
        }
        return group;
    }

    byte[] write() {
        PackedWriter out = new PackedWriter().fixed(indexed).number(spans.size());
        for (Span span : spans) {
            span.write(out);
        }
        return out.done();
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }

    /** The watermark under which the group stands in the index of what closes. */
    long indexed() {
        return indexed;
    }

    void index(long watermark) {
        indexed = watermark;
    }

    /** The watermark at which something is to be done. */
    long nextClose() {
        long next = NEVER;
        for (Span span : spans) {
            next = Math.min(next, due(span));
        }
        return next;
    }

    /** The number of the latest change of any window. */
    long changed() {
        long changed = 0;
        for (Span span : spans) {
            changed = Math.max(changed, span.changed());
        }
        return changed;
    }

    /**
     * Takes in one event.
     *
     * @param input what it brings
     * @param seen the watermark of its source partition before it
     * @param closed the watermark by which windows were closed here
     * @param sequence the number of this change
     * @param teller takes figures that are told at once
     * @return how many windows took it
     */
    int add(Input input, long seen, long closed, long sequence, Teller teller) {
        return switch (plan.frame()) {
            case Frame.Aligned aligned ->
                    addAligned(aligned, input, Math.max(seen, closed), sequence, teller);
            case Frame.Session session -> addSession(session, input, closed, sequence, teller);
            case Frame.Sliding sliding -> addSliding(sliding, input, closed, sequence, teller);
        };
    }

    private int addAligned(
            Frame.Aligned frame, Input input, long watermark, long sequence, Teller teller) {
        int taken = 0;
        for (long start = frame.first(input.time());
                start <= input.time();
                start = frame.next(start)) {
            if (frame.closes(start, start, plan.grace()) > watermark) {
                Span span = at(start);
                span.add(input, sequence);
                tellAtOnce(span, teller);
                taken++;
            }
        }
        return taken;
    }

    private int addSession(
            Frame.Session frame, Input input, long closed, long sequence, Teller teller) {
        long time = input.time();
        if (frame.closes(time, time, plan.grace()) <= closed) {
            return 0;
        }
        Span whole = new Span(plan.measures(), time, time);
        whole.add(input, sequence);
        List<Span> parts = new ArrayList<>();
        for (Span span : spans) {
            if (time < span.last() + frame.gap() && time > span.start() - frame.gap()) {
                parts.add(span);
            }
        }
        spans.removeAll(parts);
        parts.forEach(whole::merge);
        if (plan.emit() == WindowEmit.UPDATES) {
            for (Span part : parts) {
                if (part.start() != whole.start()) {
                    teller.retract(part.start(), frame.end(part.start(), part.last()));
                }
            }
        }
        insert(whole);
        tellAtOnce(whole, teller);
        return 1;
    }

    private int addSliding(
            Frame.Sliding frame, Input input, long closed, long sequence, Teller teller) {
        long time = input.time();
        if (frame.late(time, plan.grace(), closed)) {
            return 0;
        }
        at(time).add(input, sequence);
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            if (span.last() < time || span.last() >= time + frame.size()) {
                continue;
            }
            span.change(sequence);
            if (plan.atOnce() && tell(i, teller)) {
                spans.subList(0, i + 1).clear();
                i = -1;
            }
        }
        return 1;
    }

    private void tellAtOnce(Span span, Teller teller) {
        if (plan.atOnce()
                && teller.tell(
                        span.start(),
                        plan.frame().end(span.start(), span.last()),
                        span.figures())) {
            span.clear();
        }
    }

    /** Tells the windows that have changed since the change of that number. */
    void tellChanged(long since, Teller teller) {
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            // one that was told for good may have lost events to those before it
            if (span.changed() > since && !span.told()) {
                tell(i, teller);
            }
        }
    }

    /**
     * Closes what a watermark closes.
     *
     * @param watermark no event that is not late for these windows can come any more
     * @param since the number of the last change that was told
     * @param teller takes final figures, and changes that were not told yet
     */
    void close(long watermark, long since, Teller teller) {
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            boolean done =
                    plan.frame().closes(span.start(), span.last(), plan.grace()) <= watermark;
            if (done && !span.told()) {
                if (plan.emit() == WindowEmit.FINAL || (!plan.atOnce() && span.changed() > since)) {
                    tell(i, teller);
                }
                span.tell();
            }
        }
        spans.removeIf(span -> gone(span) <= watermark);
    }

    private boolean tell(int place, Teller teller) {
        Span span = spans.get(place);
        return plan.frame() instanceof Frame.Sliding sliding
                ? teller.tell(span.last() - sliding.size(), span.last(), window(sliding, place))
                : teller.tell(
                        span.start(), plan.frame().end(span.start(), span.last()), span.figures());
    }

    /** The figures of the sliding window that ends with the events of a place. */
    private Figure[] window(Frame.Sliding frame, int place) {
        Span end = spans.get(place);
        Span window = new Span(plan.measures(), end.start(), end.last());
        for (int i = place; i >= 0 && spans.get(i).last() > end.last() - frame.size(); i--) {
            window.merge(spans.get(i));
        }
        return window.figures();
    }

    /** The watermark at which something is to be done about a span. */
    private long due(Span span) {
        return span.told()
                ? gone(span)
                : plan.frame().closes(span.start(), span.last(), plan.grace());
    }

    /** The watermark at which nobody needs it any more. */
    private long gone(Span span) {
        return plan.frame() instanceof Frame.Sliding sliding
                ? span.last() + sliding.size() + plan.grace()
                : plan.frame().closes(span.start(), span.last(), plan.grace());
    }

    /** The span of exactly that time, made where there is none. */
    private Span at(long time) {
        for (int i = spans.size() - 1; i >= 0 && spans.get(i).start() >= time; i--) {
            if (spans.get(i).start() == time) {
                return spans.get(i);
            }
        }
        Span span = new Span(plan.measures(), time, time);
        insert(span);
        return span;
    }

    private void insert(Span span) {
        int place = spans.size();
        while (place > 0 && spans.get(place - 1).start() > span.start()) {
            place--;
        }
        spans.add(place, span);
    }
}
