package dev.thac.resilience;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Forks tasks on virtual threads and joins them before it closes, so that no task outlives the
 * block that started it. Its method names follow {@code StructuredTaskScope}, which is still a
 * preview in JDK 25. To be used by one thread; the tasks are the others.
 */
public final class TaskScope implements AutoCloseable {

    private final String role;
    private final boolean failFast;
    private final List<Subtask<?>> subtasks = new ArrayList<>();
    private volatile boolean cancelled;

    private TaskScope(String role, boolean failFast) {
        this.role = role;
        this.failFast = failFast;
    }

    /**
     * A scope whose tasks all run to their end, whatever becomes of the others.
     *
     * @param role prefix of the threads' names
     * @return the open scope
     */
    public static TaskScope open(String role) {
        return new TaskScope(role, false);
    }

    /**
     * A scope in which the first failure interrupts the other tasks.
     *
     * @param role prefix of the threads' names
     * @return the open scope
     */
    public static TaskScope failFast(String role) {
        return new TaskScope(role, true);
    }

    /**
     * Starts a task on a new virtual thread.
     *
     * @param task what to do
     * @param <T> what it returns
     * @return its handle
     */
    public <T> Future<T> fork(Callable<T> task) {
        Subtask<T> subtask = new Subtask<>(task);
        synchronized (subtasks) {
            subtasks.add(subtask);
        }
        if (cancelled) {
            subtask.cancel(true);
        } else {
            Thread.ofVirtual().name(role + "-" + subtasks.size()).start(subtask);
        }
        return subtask;
    }

    /**
     * Waits for all tasks, failed ones included.
     *
     * @throws InterruptedException when the calling thread is interrupted; closing the scope then
     *     interrupts the tasks
     */
    public void join() throws InterruptedException {
        for (Subtask<?> subtask : subtasks) {
            subtask.await();
        }
    }

    /**
     * Waits for all tasks and throws the first failure.
     *
     * @throws InterruptedException when the calling thread is interrupted
     * @throws ExecutionException around the failure of the first task, in order of forking, that
     *     failed by itself
     */
    public void joinOrThrow() throws InterruptedException, ExecutionException {
        join();
        for (Subtask<?> subtask : subtasks) {
            if (subtask.state() == Future.State.FAILED) {
                throw new ExecutionException(subtask.exceptionNow());
            }
        }
    }

    /** Interrupts what still runs and waits for it to end. */
    @Override
    public void close() {
        boolean interrupted = false;
        for (Subtask<?> subtask : subtasks) {
            subtask.cancel(true);
        }
        for (Subtask<?> subtask : subtasks) {
            interrupted |= subtask.awaitEnd();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancelOthers() {
        cancelled = true;
        List<Subtask<?>> others;
        synchronized (subtasks) {
            others = List.copyOf(subtasks);
        }
        for (Subtask<?> other : others) {
            other.cancel(true);
        }
    }

    private final class Subtask<T> extends FutureTask<T> {

        /** Set when there is a result, a cancellation included. */
        private final CountDownLatch done = new CountDownLatch(1);

        /** Set when the thread has left the task. */
        private final CountDownLatch left = new CountDownLatch(1);

        private volatile boolean entered;

        Subtask(Callable<T> task) {
            super(task);
        }

        @Override
        public void run() {
            entered = true;
            try {
                super.run();
            } finally {
                left.countDown();
            }
        }

        @Override
        protected void done() {
            done.countDown();
            if (failFast && state() == Future.State.FAILED) {
                cancelOthers();
            }
        }

        void await() throws InterruptedException {
            done.await();
        }

        /** Waits for the thread to leave; returns whether the caller was interrupted meanwhile. */
        boolean awaitEnd() {
            boolean interrupted = false;
            while (entered && left.getCount() > 0) {
                try {
                    left.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return interrupted;
        }
    }
}
