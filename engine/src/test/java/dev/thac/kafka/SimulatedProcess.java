package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * A process with one lane, from its start to its end or death. Everything the lane asks of the
 * world outside passes {@link #enter}, where the process may die (as by kill -9: nothing more of it
 * runs) or stand still for a while (as by SIGSTOP, or a long collection of garbage).
 */
final class SimulatedProcess implements Ticker, Workers {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final long NEVER = Long.MAX_VALUE;

    final String instance;
    final int number;
    int faults;
    long lastFault = -NEVER / 2;
    boolean resent;
    private final FakeBrokers brokers;
    private final Agenda agenda;
    private final FakeConsumer consumer;
    private final FakeProducer producer;
    private final Orders orders = new Orders();
    private final LaneLoop loop;
    private final Ending ending;
    private long next = NEVER;
    private int tickets;
    private int fuse;
    private long standstill;
    private long frozenUntil;
    private boolean begun;
    private boolean busy;
    private boolean woken;
    private boolean killed;
    private boolean over;
    private long idle;

    /** The process was killed. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        private Killed() {
            super("killed", null, false, false);
        }
    }

    /** Who hears of the end of a process. */
    interface Ending {
        /**
         * The process is no more.
         *
         * @param failure what its lane ended with; {@code null} when it was killed, or ended as
         *     asked
         * @param killed whether it was killed
         */
        void ended(SimulatedProcess process, @Nullable Throwable failure, boolean killed);
    }

    SimulatedProcess(FakeBrokers brokers, String instance, int number, Ending ending) {
        this.brokers = brokers;
        this.agenda = brokers.agenda;
        this.instance = instance;
        this.number = number;
        this.ending = ending;
        this.consumer = new FakeConsumer(this, brokers);
        LaneSettings settings = brokers.plan.settings(instance);
        this.producer = new FakeProducer(this, brokers, settings.name());
        SimulatedFlow flow = new SimulatedFlow(this, brokers);
        this.loop =
                new LaneLoop(
                        LaneTask.of(settings, flow, flow, this)
                                .withRecovery(new SimulatedRecovery(this, brokers))
                                .withWorkers(this),
                        consumer,
                        producer,
                        new Inbox(consumer, this),
                        orders,
                        _ -> {});
    }

    FakeConsumer consumer() {
        return consumer;
    }

    boolean over() {
        return over;
    }

    /** Asks it to end, as by SIGTERM. */
    void stop(Duration drain) {
        agenda.say(() -> this + " shall stop within " + drain);
        orders.stop(agenda.now() + drain.toNanos());
        wake();
    }

    /** Lets it read nothing for a while. */
    void pause(long nanos) {
        agenda.say(() -> this + " is paused");
        orders.pause(true);
        agenda.after(nanos, () -> orders.pause(false));
    }

    /** Kills it at the so-manieth thing it does from now on. */
    void killAfter(int steps) {
        fuse = steps;
        standstill = 0;
    }

    /** Lets it stand still for a while at the so-manieth thing it does from now on. */
    void freezeAfter(int steps, long nanos) {
        fuse = steps;
        standstill = nanos;
    }

    /** Lets it go on. */
    void thaw() {
        fuse = 0;
        frozenUntil = 0;
    }

    /** The lane does something that can be seen from outside. */
    void enter(String what) {
        if (killed) {
            throw new Killed();
        }
        if (fuse > 0 && --fuse == 0) {
            if (standstill == 0) {
                agenda.say(() -> this + " KILLED before " + what);
                kill();
                throw new Killed();
            }
            agenda.say(() -> this + " stands still before " + what);
            faults++;
            lastFault = agenda.now();
            frozenUntil = agenda.now() + standstill;
            FakeGroup.Member member = consumer.member();
            if (member != null) {
                agenda.after(FakeGroup.SESSION, () -> expire(member));
            }
            await(standstill, () -> agenda.now() >= frozenUntil);
            agenda.say(() -> this + " goes on");
            lastFault = agenda.now();
        }
    }

    private void expire(FakeGroup.Member member) {
        if (killed || agenda.now() < frozenUntil) {
            brokers.group.remove(member);
        }
    }

    private void kill() {
        killed = true;
        over = true;
        brokers.audit.gone(this);
        FakeGroup.Member member = consumer.member();
        if (member != null) {
            agenda.after(FakeGroup.SESSION, () -> brokers.group.remove(member));
        }
        ending.ended(this, null, true);
    }

    /** Spends time on a request. */
    void spend(long nanos) {
        await(nanos, () -> false);
    }

    /** Waits, at most so long. */
    void await(long nanos, BooleanSupplier done) {
        boolean _ = agenda.await(agenda.now() + nanos, done);
    }

    /** Something is thrown into the lane's way. */
    <E extends Exception> E fault(E what) {
        faults++;
        lastFault = agenda.now();
        agenda.say(() -> this + " gets " + what);
        return what;
    }

    /** Calls the lane back. */
    void call(String name, Object argument, Runnable callback) {
        agenda.say(() -> this + " " + name + ' ' + argument);
        try {
            callback.run();
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KafkaException("User rebalance callback throws an error", e);
        }
        agenda.say(() -> this + " " + name + " done");
    }

    /** A poll returned that. */
    void polled(ConsumerRecords<byte[], byte[]> records, long rest) {
        idle = records.nextOffsets().isEmpty() ? rest : 0;
        if (!records.isEmpty()) {
            agenda.say(
                    () -> {
                        StringBuilder text = new StringBuilder(this + " polls");
                        records.forEach(
                                r ->
                                        text.append(' ')
                                                .append(r.partition())
                                                .append('@')
                                                .append(r.offset()));
                        return text.toString();
                    });
        }
    }

    /** Something came in: it need not wait any longer. */
    void wake() {
        if (busy) {
            woken = true;
        } else {
            schedule(agenda.between(10 * Agenda.MICRO, 2 * Agenda.MILLI));
        }
    }

    private void schedule(long nanos) {
        long time = agenda.now() + nanos;
        if (time < next && !over) {
            next = time;
            int ticket = ++tickets;
            agenda.after(
                    nanos,
                    () -> {
                        if (ticket == tickets && !over) {
                            step();
                        }
                    });
        }
    }

    /** One turn of the lane, or its beginning or end. */
    private void step() {
        next = NEVER;
        busy = true;
        woken = false;
        idle = 0;
        try {
            turn();
        } catch (Killed _) {
            return;
        } catch (RuntimeException e) {
            fail(e);
            return;
        } finally {
            busy = false;
        }
        if (!over) {
            long pause = agenda.between(10 * Agenda.MICRO, Agenda.MILLI);
            schedule(woken ? pause : Math.max(pause, idle));
        }
    }

    private void turn() {
        if (!begun) {
            loop.begin();
            begun = true;
        } else if (orders.stopped()) {
            end();
        } else {
            loop.turn();
        }
    }

    private void end() {
        int before = faults;
        consumer.blocking();
        loop.end();
        boolean clean =
                faults == before
                        && agenda.now() - lastFault > 60 * Agenda.SECOND
                        && agenda.now() < orders.deadline();
        brokers.audit.ended(this, consumer.assignment(), clean);
        loop.close();
        over = true;
        agenda.say(() -> this + " has ended");
        ending.ended(this, null, false);
    }

    private void fail(RuntimeException failure) {
        agenda.say(() -> this + " fails: " + failure);
        brokers.audit.gone(this);
        try {
            busy = true;
            consumer.blocking();
            loop.close();
        } catch (Killed _) {
            return;
        } finally {
            busy = false;
        }
        over = true;
        ending.ended(this, failure, false);
    }

    @Override
    public long nanos() {
        return agenda.now();
    }

    @Override
    public Instant now() {
        return START.plusNanos(agenda.now() + brokers.skew());
    }

    /** Whether the time of day ever went another way than time. */
    boolean clockJumped() {
        return brokers.skew() != 0;
    }

    @Override
    public void sleep(Duration wait) {
        spend(wait.toNanos());
    }

    @Override
    public void await(Condition condition, long nanos) {
        throw new IllegalStateException("a lane has nobody to wait for");
    }

    @Override
    public void park(long nanos) {
        enter("park");
        await(Math.max(nanos, 5 * Agenda.MILLI), () -> false);
    }

    @Override
    public Worker start(Runnable work) {
        boolean stuck = agenda.chance(brokers.plan.stuck());
        long takes =
                stuck
                        ? agenda.between(20 * Agenda.SECOND, 120 * Agenda.SECOND)
                        : agenda.between(100 * Agenda.MICRO, 3 * Agenda.SECOND);
        boolean[] interrupted = new boolean[1];
        agenda.after(
                takes,
                () -> {
                    if (!over && !interrupted[0]) {
                        work.run();
                        wake();
                    }
                });
        return () -> interrupted[0] = true;
    }

    @Override
    public String toString() {
        return instance + '#' + number;
    }
}
