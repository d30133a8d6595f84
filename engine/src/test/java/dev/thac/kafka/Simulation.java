package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run: some processes share a topic, things go wrong for a while, then everything must come to
 * its end. The seed decides everything.
 */
final class Simulation {

    private static final char[] KINDS = {
        SimulatedFlow.JUDGE,
        SimulatedFlow.JUDGE,
        SimulatedFlow.JUDGE,
        SimulatedFlow.FREE,
        SimulatedFlow.FREE,
        SimulatedFlow.DROP
    };

    private final Agenda agenda;
    private final SimulationPlan plan;
    private final FakeBrokers brokers;
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private int started;
    private boolean troubled = true;

    private Simulation(long seed, boolean traced) {
        this.agenda = new Agenda(seed, traced);
        this.plan = SimulationPlan.draw(agenda);
        this.brokers = new FakeBrokers(agenda, plan);
    }

    /** Runs a seed. */
    static void run(long seed) {
        new Simulation(seed, false).run();
    }

    /** Runs a seed and tells how it went, its failure included. */
    static List<String> trace(long seed) {
        Simulation simulation = new Simulation(seed, true);
        List<String> told = simulation.agenda.trace();
        told.add("seed " + seed + ": " + simulation.plan);
        try {
            simulation.run();
        } catch (DeliveryAudit.Violation e) {
            told.add(String.valueOf(e.getMessage()));
        }
        return told;
    }

    private void run() {
        fill();
        for (int i = 0; i < plan.instances(); i++) {
            start("i" + i);
        }
        often(plan.rebalance(), brokers.group::shuffle);
        often(plan.kill(), this::strike);
        if (agenda.chance(0.2)) {
            often(5 * Agenda.SECOND, brokers::spoil);
        }
        agenda.pass(SimulationPlan.TROUBLED);
        calm();
        boolean done =
                agenda.await(
                        agenda.now() + SimulationPlan.PATIENCE,
                        () ->
                                brokers.audit.violation() != null
                                        || brokers.audit.finished(brokers.logs.values())
                                                && brokers.transactions.quiet());
        DeliveryAudit.Violation violation = brokers.audit.violation();
        if (violation != null) {
            throw violation;
        }
        if (!done) {
            throw brokers.audit.fail(
                    "does not finish: " + brokers.audit.unfinished(brokers.logs.values()));
        }
        brokers.audit.closing();
    }

    /** Writes the topic: some of it at once, the rest while the processes run. */
    private void fill() {
        for (FakeLog log : brokers.logs.values()) {
            long time = 0;
            boolean sparse = agenda.chance(0.4);
            int records = sparse && agenda.chance(0.1) ? 0 : plan.records();
            for (int i = 0; i < records; i++) {
                time += agenda.chance(0.5) ? 0 : agenda.between(0, 2 * Agenda.SECOND);
                int gap = sparse && agenda.chance(0.2) ? 1 + agenda.pick(9) : 0;
                if (time == 0) {
                    append(log, gap);
                } else {
                    agenda.after(Math.min(time, SimulationPlan.TROUBLED), () -> append(log, gap));
                }
            }
            if (sparse) {
                int gap = agenda.pick(4);
                agenda.after(SimulationPlan.TROUBLED + Agenda.SECOND, () -> log.gap(gap));
            }
        }
    }

    private void append(FakeLog log, int gap) {
        log.gap(gap);
        if (agenda.chance(0.02)) {
            log.elect();
        }
        char kind =
                agenda.chance(plan.trouble())
                        ? SimulatedFlow.LARGE
                        : KINDS[agenda.pick(KINDS.length)];
        ConsumerRecord<byte[], byte[]> record =
                log.append(agenda.pick(plan.keys()), kind, 0, 1_000_000 + log.end());
        brokers.audit.appended(record);
        processes.forEach(SimulatedProcess::wake);
    }

    private void often(long mean, Runnable what) {
        if (mean != Long.MAX_VALUE) {
            agenda.after(
                    agenda.between(mean / 10, 4 * mean),
                    () -> {
                        if (troubled) {
                            what.run();
                            often(mean, what);
                        }
                    });
        }
    }

    private void start(String instance) {
        SimulatedProcess process = new SimulatedProcess(brokers, instance, ++started, this::ended);
        agenda.say(() -> process + " starts");
        processes.add(process);
        process.wake();
    }

    /** Something happens to a process, or another one starts. */
    private void strike() {
        if (processes.isEmpty()) {
            return;
        }
        SimulatedProcess victim = processes.get(agenda.pick(processes.size()));
        switch (agenda.pick(7)) {
            case 0, 1 -> victim.killAfter(1 + agenda.pick(60));
            case 2 -> victim.stop(Duration.ofMillis(agenda.pick(25_000)));
            case 3 -> {
                if (processes.size() < plan.instances() + 2) {
                    start("x" + started);
                }
            }
            case 5 -> victim.pause(agenda.between(0, 20 * Agenda.SECOND));
            case 4 -> {
                victim.freezeAfter(
                        1 + agenda.pick(60), agenda.between(Agenda.SECOND, 60 * Agenda.SECOND));
                if (agenda.chance(0.3)) {
                    start(victim.instance);
                }
            }
            default -> brokers.skew(agenda.between(0, 3_600 * Agenda.SECOND));
        }
    }

    private void ended(SimulatedProcess process, @Nullable Throwable failure, boolean killed) {
        processes.remove(process);
        if (failure != null) {
            boolean wrapped = failure.getCause() instanceof ThacException;
            requireExcuse(process, wrapped ? failure.getCause() : failure);
        }
        boolean alone = processes.stream().noneMatch(p -> p.instance.equals(process.instance));
        boolean comesBack = failure != null || killed || agenda.chance(0.5);
        if (alone && (comesBack || processes.isEmpty())) {
            agenda.after(
                    agenda.between(10 * Agenda.MILLI, 15 * Agenda.SECOND),
                    () -> {
                        if (processes.stream()
                                .noneMatch(p -> p.instance.equals(process.instance))) {
                            start(process.instance);
                        }
                    });
        }
    }

    /** A lane may end by what was thrown at it, and by nothing else. */
    private void requireExcuse(SimulatedProcess process, Throwable failure) {
        boolean ours =
                failure instanceof TimeoutException
                        || failure instanceof ThacException known
                                && (known.code() == ErrorCode.INSTANCE_FENCED
                                        || known.code() == ErrorCode.KAFKA_UNAVAILABLE);
        if (!ours || process.faults == 0) {
            StringBuilder text = new StringBuilder(process + " failed: ");
            for (Throwable t = failure; t != null; t = t.getCause()) {
                text.append(t).append("; ");
                if (t.getStackTrace().length > 0) {
                    text.append("at ").append(t.getStackTrace()[0]).append(' ');
                }
            }
            DeliveryAudit.Violation _ = brokers.audit.fail(text.toString());
        }
    }

    /** Nothing goes wrong any more. */
    private void calm() {
        agenda.say(() -> "calm");
        troubled = false;
        brokers.calm();
        processes.forEach(SimulatedProcess::thaw);
        if (processes.isEmpty()) {
            start("last");
        }
    }
}
