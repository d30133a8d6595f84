package dev.thac.pipeline;

import dev.thac.cascade.Descent;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One event between its record and its outcome: how far it is, and what is known of it. Owned by
 * one thread at a time: first by the one that decides, then by the one that settles; but for {@link
 * #abandon}.
 */
public final class OpenEvent {

    private final Delivery delivery;
    private final int flushes;
    private int stage;
    private @Nullable Event event;
    private Trail trail;
    private List<Header> marks = List.of();
    private @Nullable Way @Nullable [] ways;
    private @Nullable Instant firstFailure;
    private @Nullable Failure failure;
    private @Nullable Outcome outcome;
    private volatile boolean abandoned;

    /** The event in one analysis: on its way, or with its verdict. */
    static final class Way {
        private final @Nullable Descent descent;
        private @Nullable Verdict verdict;

        Way(Descent descent, @Nullable Verdict verdict) {
            this.descent = descent;
            this.verdict = verdict;
        }

        /** The end of a way that an earlier pass has gone. */
        Way(Verdict given) {
            this.descent = null;
            this.verdict = given;
        }

        /** The way down in this pass; {@code null} where an earlier one has reached the verdict. */
        @Nullable Descent descent() {
            return descent;
        }

        @Nullable Verdict verdict() {
            return verdict;
        }

        void end(Verdict reached) {
            verdict = reached;
        }
    }

    /**
     * An event before the first stage.
     *
     * @param delivery its record
     * @param flushes how often the pipeline was flushed before it came
     */
    OpenEvent(Delivery delivery, int flushes) {
        this.delivery = delivery;
        this.flushes = flushes;
        this.trail = Trail.after(delivery.earlier());
    }

    /**
     * The record.
     *
     * @return the delivery
     */
    public Delivery delivery() {
        return delivery;
    }

    /**
     * Nobody waits for its outcome any more: no model is asked about it that was not asked yet.
     * From any thread.
     */
    public void abandon() {
        abandoned = true;
    }

    boolean abandoned() {
        return abandoned;
    }

    int flushes() {
        return flushes;
    }

    int stage() {
        return stage;
    }

    void nextStage() {
        stage++;
    }

    /** The decoded event; there is one after the first stages. */
    Event event() {
        return Objects.requireNonNull(event, "not decoded yet");
    }

    void is(Event decoded) {
        event = decoded;
    }

    Trail trail() {
        return trail;
    }

    void went(Trail way) {
        trail = way;
    }

    /** Headers that its outputs carry besides those of every event. */
    List<Header> marks() {
        return marks;
    }

    void marks(List<Header> headers) {
        marks = headers;
    }

    /** One per analysis, null where it does not apply; null altogether before the cascade. */
    @Nullable Way @Nullable [] ways() {
        return ways;
    }

    void goes(@Nullable Way[] all) {
        ways = all;
    }

    Optional<Instant> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    void failedFirst(Instant when) {
        if (firstFailure == null || when.isBefore(firstFailure)) {
            firstFailure = when;
        }
    }

    @Nullable Failure failure() {
        return failure;
    }

    @Nullable Outcome outcome() {
        return outcome;
    }

    Stage.Progress end(Outcome reached) {
        outcome = reached;
        return Stage.Progress.ENDED;
    }

    Stage.Progress fail(Failure why) {
        failure = why;
        return Stage.Progress.ENDED;
    }
}
