package dev.thac.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * The time of a simulation. Events and threads that wait go on one at a time, in the order of their
 * times, so that a run repeats exactly; timers are up to two milliseconds late. Threads wait only
 * through this ticker. Used by the thread that made it, but for the {@link Ticker} methods.
 */
public final class SimulatedTime implements Ticker {

    private static final int MOST_LATE = 2_000_000;
    private static final long FAR = Long.MAX_VALUE / 2;

    private final Random random;
    private final Queue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final List<Worker> workers = new ArrayList<>();
    private final Map<Thread, Worker> byThread = new ConcurrentHashMap<>();
    private final Semaphore handedBack = new Semaphore(0);
    private long numbers;
    private volatile long now;

    private record Event(long at, long number, Runnable what) {}

    /** What a thread of the simulation does. */
    public interface Work {
        /** Runs to its end, or until it is interrupted. */
        void run() throws InterruptedException;
    }

    /** A thread of the simulation. */
    public final class Worker {
        private final Thread thread;
        private volatile long wakes;
        private volatile boolean turn;
        private volatile boolean ended;

        private Worker(Work work) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .unstarted(
                                    () -> {
                                        try {
                                            work.run();
                                        } catch (InterruptedException _) {
                                            Thread.currentThread().interrupt();
                                        } finally {
                                            ended = true;
                                            handedBack.release();
                                        }
                                    });
        }

        /** It looks again, as after a signal. */
        public void wake() {
            wakes = Math.min(wakes, now);
        }

        /** Ends it. */
        public void end() throws InterruptedException {
            if (!ended) {
                thread.interrupt();
                turn = true;
                handedBack.acquire();
                thread.join();
            }
            workers.remove(this);
        }
    }

    /** Time zero of a seeded run. */
    public SimulatedTime(long seed) {
        random = new Random(seed);
    }

    /** Something happens then. */
    public void at(Duration time, Runnable what) {
        events.add(new Event(time.toNanos(), numbers++, what));
    }

    /** Something happens a while from now. */
    public void in(Duration wait, Runnable what) {
        events.add(new Event(now + wait.toNanos(), numbers++, what));
    }

    /** Starts a thread; it runs until it first waits. */
    public Worker start(Work work) throws InterruptedException {
        Worker worker = new Worker(work);
        workers.add(worker);
        byThread.put(worker.thread, worker);
        worker.thread.start();
        handedBack.acquire();
        return worker;
    }

    /** Lets everything happen up to a time. */
    public void runUntil(Duration end) throws InterruptedException {
        while (true) {
            workers.removeIf(worker -> worker.ended);
            Worker first = null;
            for (Worker worker : workers) {
                first = first == null || worker.wakes < first.wakes ? worker : first;
            }
            Event event = events.peek();
            long next = Math.min(first == null ? FAR : first.wakes, event == null ? FAR : event.at);
            if (next > end.toNanos()) {
                now = end.toNanos();
                return;
            }
            now = Math.max(now, next);
            if (event != null && event.at <= next) {
                events.remove();
                event.what.run();
            } else if (first != null) {
                first.turn = true;
                handedBack.acquire();
            }
        }
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public void sleep(Duration wait) throws InterruptedException {
        Worker worker = yielded(wait.toNanos());
        while (!worker.turn) {
            TimeUnit.MICROSECONDS.sleep(20);
        }
    }

    @Override
    public void await(Condition condition, long wait) throws InterruptedException {
        Worker worker = yielded(wait);
        while (!worker.turn) {
            long _ = condition.awaitNanos(20_000); // frees the lock
        }
    }

    private Worker yielded(long wait) {
        Worker worker = byThread.get(Thread.currentThread());
        if (worker == null) {
            throw new IllegalStateException("a thread waits that is not of the simulation");
        }
        worker.wakes = wait >= FAR - now ? FAR : now + wait + random.nextInt(MOST_LATE);
        worker.turn = false;
        handedBack.release();
        return worker;
    }
}
