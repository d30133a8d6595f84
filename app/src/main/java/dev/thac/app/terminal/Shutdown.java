package dev.thac.app.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the waiting command is told, and the process lives
 * on until the command has closed this, at most a bounded time. A second signal ends it at once.
 * The exit code is the signal's (130 or 143). Thread-safe.
 */
public final class Shutdown implements AutoCloseable {

    /** What a command says when it begins to end. */
    public static final String FINISHING =
            "finishing open events ... (Ctrl-C or SIGTERM once more ends at once)";

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;
    private final EndSignals signals;

    private Shutdown(Duration limit) {
        hook = new Thread(() -> onSignal(limit), "thac-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        signals = EndSignals.heard();
    }

    /**
     * Listens for signals from now on.
     *
     * @param limit how long the process may still live after one
     * @return to be closed by the command when it is done
     */
    public static Shutdown within(Duration limit) {
        return new Shutdown(limit);
    }

    /**
     * Whether the process was asked to end.
     *
     * @return true after a signal or {@link #request()}
     */
    public boolean requested() {
        return requested.getCount() == 0;
    }

    /** Asks the command to end, as a signal does. */
    public void request() {
        requested.countDown();
    }

    /**
     * Waits for a signal.
     *
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public void await() throws InterruptedException {
        requested.await();
    }

    /**
     * Waits for a signal, at most so long.
     *
     * @param limit how long
     * @return true when there was one
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public boolean await(Duration limit) throws InterruptedException {
        return requested.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets the process end. */
    @Override
    public void close() {
        signals.close();
        boolean signalled = hook.isAlive();
        finished.countDown();
        if (!signalled) {
            removeHook();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal came between the question and the removal: the hook ends by itself.
            requested.countDown();
        }
    }

    private void onSignal(Duration limit) {
        requested.countDown();
        try {
            boolean _ = finished.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
