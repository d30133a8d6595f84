package dev.thac.resilience;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** Named virtual threads for those who may not make threads themselves. */
public final class Threads {

    private Threads() {}

    /**
     * Runs every task on a new virtual thread.
     *
     * @param role prefix of the threads' names
     * @return the executor; it owns nothing and needs no closing
     */
    public static Executor virtual(String role) {
        ThreadFactory factory = Thread.ofVirtual().name(role + "-", 0).factory();
        return task -> factory.newThread(task).start();
    }
}
