package dev.thac.batch;

import dev.thac.event.ThacException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/**
 * One item on its way through a batch: the submitting thread waits on it, the call completes it.
 * Thread-safe; completed once.
 *
 * @param <T> what is asked about
 * @param <R> what comes back
 */
public final class Ticket<T, R> {

    private final T item;
    private final int tokens;
    private final Thread waiter;
    private @Nullable R result;
    private @Nullable Throwable error;
    private volatile boolean done;
    private volatile boolean abandoned;

    Ticket(T item, int tokens, Thread waiter) {
        this.item = item;
        this.tokens = tokens;
        this.waiter = waiter;
    }

    /**
     * What is asked about.
     *
     * @return the item
     */
    public T item() {
        return item;
    }

    /**
     * Whether its submitter has gone: no answer is needed any more.
     *
     * @return true when nobody waits
     */
    public boolean abandoned() {
        return abandoned;
    }

    /**
     * Hands the answer to the submitter, at once.
     *
     * @param answer the answer
     * @throws IllegalStateException when it was completed before
     */
    public void complete(R answer) {
        if (done) {
            throw new IllegalStateException("an item of a batch was answered twice");
        }
        result = answer;
        done = true;
        LockSupport.unpark(waiter);
    }

    int tokens() {
        return tokens;
    }

    void abandon() {
        abandoned = true;
    }

    /** Ends it without an answer, unless it has one. */
    void fail(Throwable cause) {
        if (!done) {
            error = cause;
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    boolean done() {
        return done;
    }

    /** The answer of a completed ticket. */
    R result() {
        R answer = result;
        if (answer != null) {
            return answer;
        }
        if (error instanceof ThacException ours) {
            throw new ThacException(ours.code(), String.valueOf(ours.getMessage()), ours);
        }
        throw new IllegalStateException("a batched call ended without an answer", error);
    }
}
