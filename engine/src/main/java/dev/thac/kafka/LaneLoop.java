package dev.thac.kafka;

import dev.thac.event.Outcome;
import dev.thac.resilience.Failpoint;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The loop of a connected lane: completions, admission, emission, pause and resume, poll.
 * Everything in it belongs to the lane thread, save {@link #judge}, which runs on a virtual thread
 * per event and ends at the inbox.
 */
final class LaneLoop implements Assignment.Owner {

    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** A lane that ends in order frees its place at once, though the place has a name. */
    private static final CloseOptions LEAVING =
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(CLOSE);

    private static final long MAX_WAIT = Duration.ofMillis(250).toNanos();
    private static final long STATUS_INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long FLUSH_INTERVAL = Duration.ofMillis(20).toNanos();

    private final LaneTask task;
    private final Orders orders;
    private final Consumer<LaneStatus> reports;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Inbox inbox;
    private final Assignment assignment;
    private final DueTimes dueTimes;
    private final Intake intake;
    private final Emission emission;
    private final TopicWatch topics;
    private final Portion portion;
    private long nextStatus;
    private long nextFlush;
    private int audits;

    LaneLoop(
            LaneTask task,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            Inbox inbox,
            Orders orders,
            Consumer<LaneStatus> reports) {
        this.task = task;
        this.orders = orders;
        this.reports = reports;
        LaneSettings settings = task.settings();
        this.consumer = consumer;
        this.producer = producer;
        this.inbox = inbox;
        this.assignment = new Assignment(task, consumer, inbox, this);
        BrokerClock clock = new BrokerClock(task.ticker());
        this.dueTimes = new DueTimes(settings, consumer, clock, task.ticker());
        this.intake = new Intake(task, consumer, assignment, dueTimes);
        this.topics = new TopicWatch(task);
        this.portion = new Portion(consumer, task, inbox);
        LaneParts parts =
                new LaneParts(
                        consumer,
                        producer,
                        new Outgoing(producer, settings.source(), clock),
                        inbox,
                        assignment,
                        new Rejections(task.flow()),
                        task.listener(),
                        task.ticker(),
                        settings.mapBytes());
        this.emission =
                switch (settings.delivery()) {
                    case AT_LEAST_ONCE -> new AtLeastOnce(parts);
                    case EXACTLY_ONCE -> new ExactlyOnce(parts, settings.name());
                };
    }

    void run() {
        try {
            begin();
            while (!orders.stopped()) {
                turn();
            }
            end();
        } finally {
            close();
        }
    }

    /** Joins the group. */
    void begin() {
        nextStatus = task.ticker().nanos();
        nextFlush = nextStatus;
        if (task.settings().delivery() == DeliveryMode.EXACTLY_ONCE) {
            producer.initTransactions();
        }
        assignment.topicIds(topics.begin());
        consumer.subscribe(task.settings().source().all(), assignment);
    }

    /** Finishes what is open and commits it, within the time that the stop order gives. */
    void end() {
        drain();
        boolean _ = emission.commitAll(task.ticker().nanos() + CLOSE.toNanos());
    }

    /** Leaves; nothing is committed any more. */
    void close() {
        assignment.abandon();
        portion.hold(0);
        assignment.left().forEach(tracker -> tracker.forEach(LaneLoop::interrupt));
        producer.close(CLOSE);
        consumer.close(LEAVING);
    }

    /** Goes round once: takes in what is finished, admits, emits, polls. */
    void turn() {
        long start = task.ticker().nanos();
        collect();
        intake.pause(orders.paused());
        intake.admit(this::admit);
        emission.advance(task.ticker().nanos(), intake.crowded());
        intake.steer();
        report();
        task.listener().turned(Duration.ofNanos(task.ticker().nanos() - start));
        ConsumerRecords<byte[], byte[]> polled = inbox.poll(this::patience);
        intake.accept(polled);
    }

    private Duration patience() {
        if (intake.ready()) {
            return Duration.ZERO;
        }
        long idle = Math.min(emission.idleNanos(task.ticker().nanos()), dueTimes.idleNanos());
        return Duration.ofNanos(Math.min(MAX_WAIT, idle));
    }

    private void drain() {
        intake.close();
        while (Load.of(assignment).open() > 0 && task.ticker().nanos() < orders.deadline()) {
            flushBatches();
            turn();
        }
    }

    private void flushBatches() {
        long now = task.ticker().nanos();
        if (now >= nextFlush) {
            nextFlush = now + FLUSH_INTERVAL;
            task.flow().flush();
        }
    }

    /** Takes in what other threads have finished. */
    private void collect() {
        for (Entry entry = inbox.take(); entry != null; entry = inbox.take()) {
            if (!entry.tracker.live()) {
                assignment.late(entry);
                continue;
            }
            if (entry.defect != null) {
                throw new IllegalStateException(
                        "judging " + entry.delivery.id() + " failed", entry.defect);
            }
            if (entry.state == EntryState.OPEN) {
                entry.outcome = entry.answer;
                settled(entry);
            }
        }
    }

    /** Decides about an entry that was let in. */
    private void admit(Entry entry) {
        Failpoint.AFTER_ADMIT.reached();
        switch (task.flow().decide(entry.delivery)) {
            case Lane.Step.Settled(Outcome outcome) -> {
                entry.outcome = outcome;
                settled(entry);
            }
            case Lane.Step.Open(Lane.Judgement judgement) -> {
                entry.tracker.open(entry);
                entry.judgement = judgement;
                entry.worker = task.workers().start(() -> judge(entry, judgement));
            }
        }
    }

    private void settled(Entry entry) {
        entry.worker = null;
        entry.judgement = null;
        task.flow().settled(entry.settled());
        if (entry.tracker.settled(entry, Records.bytes(entry.settled()))) {
            emission.settled(entry);
        }
    }

    /** Takes an event out of the way for which nearly nothing but its whole partition waits. */
    private void relieve() {
        if (task.settings().order() != Order.NONE) {
            return;
        }
        for (PartitionTracker tracker : assignment.trackers()) {
            Entry head = tracker.first();
            if (head != null
                    && head.state == EntryState.OPEN
                    && tracker.heldUpByHead(task.settings().mapBytes())) {
                task.flow().divert(head.delivery).ifPresent(outcome -> divert(head, outcome));
            }
        }
    }

    private void divert(Entry head, Outcome outcome) {
        interrupt(head);
        head.outcome = outcome;
        settled(head);
    }

    private void judge(Entry entry, Lane.Judgement judgement) {
        try {
            entry.answer = judgement.settle();
            Failpoint.AFTER_ANSWER.reached();
        } catch (InterruptedException _) { // nobody waits for this event
            if (!entry.abandoned()) {
                Thread.currentThread().interrupt();
                return;
            }
        } catch (Throwable e) { // the top frame of the thread
            entry.defect = e;
        }
        inbox.put(entry);
    }

    private static void interrupt(Entry entry) {
        Workers.Worker worker = entry.worker;
        if (worker != null) {
            worker.interrupt();
        }
    }

    private void report() {
        long now = task.ticker().nanos();
        if (now >= nextStatus) {
            nextStatus = now + STATUS_INTERVAL;
            verify();
            relieve();
            topics.check(now);
            portion.hold(assignment.trackers().size());
            reports.accept(LaneStatus.of(state(), consumer, assignment, dueTimes));
        }
    }

    /** Audits the books of one partition at a time. */
    private void verify() {
        int index = 0;
        int due = assignment.trackers().isEmpty() ? 0 : audits++ % assignment.trackers().size();
        for (PartitionTracker tracker : assignment.trackers()) {
            if (index++ == due) {
                tracker.verify();
            }
        }
    }

    private LaneStatus.State state() {
        if (orders.stopped()) {
            return LaneStatus.State.DRAINING;
        }
        return orders.paused() ? LaneStatus.State.PAUSED : LaneStatus.State.RUNNING;
    }

    @Override
    public void joined() {
        portion.hold(assignment.trackers().size());
        task.listener().rebalanced();
    }

    @Override
    public void leaving(Collection<PartitionTracker> leaving) {
        long deadline = task.ticker().nanos() + LaneSettings.REBALANCE_DRAIN.toNanos();
        while (leaving.stream().anyMatch(tracker -> tracker.open() > 0)
                && task.ticker().nanos() < deadline) {
            flushBatches();
            collect();
            emission.advance(task.ticker().nanos(), false);
            task.ticker().park(1_000_000);
        }
        boolean _ = emission.commitAll(task.ticker().nanos() + CLOSE.toNanos());
        portion.hold(assignment.trackers().size() - leaving.size());
        task.listener().rebalanced();
    }

    @Override
    public void lost() {
        emission.lost();
        portion.hold(assignment.trackers().size());
        task.listener().rebalanced();
    }
}
