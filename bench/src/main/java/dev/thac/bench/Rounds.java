package dev.thac.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Runs rows in rounds: one row after the other, then all of them again, so that a slow minute of
 * the machine falls on all rows and not on one. Ratios are taken within a round. Every row's output
 * is read back and must hold each event exactly once.
 */
final class Rounds {

    private final Cluster cluster;
    private final DoubleSupplier simulatorCpu;
    private final Options options;
    private final String input;
    private final int records;
    private final Timing timing;
    private final Map<String, Profile> profiles = new HashMap<>();
    private Counts counts =
            (row, _) -> {
                throw new IllegalStateException("nobody knows what is right for " + row);
            };

    /** What a row's speed is. */
    enum Timing {
        /** All records, from the first poll that returned some to the last output's append. */
        WHOLE,
        /** The outputs between the first and the last tenth: without start and end. */
        SUSTAINED
    }

    /**
     * Rounds over one preloaded topic, timed as a whole.
     *
     * @param cluster where
     * @param simulatorCpu processor seconds of the simulator; constant zero where there is none
     * @param options rounds, warm-up, profile
     * @param input the preloaded topic
     * @param records how many records it holds
     */
    Rounds(
            Cluster cluster,
            DoubleSupplier simulatorCpu,
            Options options,
            String input,
            int records) {
        this(cluster, simulatorCpu, options, input, records, Timing.WHOLE);
    }

    Rounds(
            Cluster cluster,
            DoubleSupplier simulatorCpu,
            Options options,
            String input,
            int records,
            Timing timing) {
        this.timing = timing;
        this.cluster = cluster;
        this.simulatorCpu = simulatorCpu;
        this.options = options;
        this.input = input;
        this.records = records;
    }

    /** Compares what a row left behind with what is true. */
    interface Counts {
        /**
         * Reads a row's output.
         *
         * @return when its last record was there, milliseconds since the epoch
         * @throws WrongOutputException when it is not as it must be
         */
        long lastAppend(String row, Job job);
    }

    /** The same for rows whose output is {@link Row.Output#COUNTED}. */
    Rounds counted(Counts truth) {
        counts = truth;
        return this;
    }

    /** Runs them all and returns the measured runs, in order. */
    List<Run> run(List<Row> rows) throws IOException, InterruptedException {
        List<Run> runs = new ArrayList<>();
        for (int round = 1 - options.warmup(); round <= options.rounds(); round++) {
            for (Row row : rows) {
                Run run = run(row, round);
                System.err.printf(
                        "bench: %s %-44s %,10.0f/s  %6.2f s  cpu %5.2f, broker %5.2f, simulator"
                                + " %5.2f%n",
                        round < 1 ? "warm-up" : "round " + round,
                        row.name(),
                        run.perSecond(),
                        run.seconds(),
                        run.cpuSeconds(),
                        run.brokerCpuSeconds(),
                        run.simulatorCpuSeconds());
                if (round >= 1) {
                    runs.add(run);
                }
            }
        }
        return runs;
    }

    /** Where each row's time went; empty without {@code --profile}. */
    Map<String, Profile> profiles() {
        return profiles;
    }

    private Run run(Row row, int round) throws IOException, InterruptedException {
        String name = "out-" + row.name().replaceAll("[^A-Za-z0-9]+", "-") + '-' + (round + 100);
        Job job = new Job(cluster.brokers(), input, name, name, records);
        cluster.create(job.output(), true);
        FirstPoll.reset();
        double cpu = cpuSeconds();
        double brokerCpu = cluster.cpuSeconds();
        double modelCpu = simulatorCpu.getAsDouble();
        long start = System.nanoTime();
        if (options.profile() && round >= 1) {
            profiles.computeIfAbsent(row.name(), _ -> new Profile()).during(() -> work(row, job));
        } else {
            work(row, job);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        cpu = cpuSeconds() - cpu;
        brokerCpu = cluster.cpuSeconds() - brokerCpu;
        modelCpu = simulatorCpu.getAsDouble() - modelCpu;
        if (row.output() == Row.Output.COUNTED) {
            seconds = (counts.lastAppend(row.name(), job) - FirstPoll.at()) / 1e3;
        } else if (row.output() != Row.Output.NONE) {
            Verification found = Verification.of(job, cluster.partitions());
            found.requireComplete(row.name(), row.output() == Row.Output.JUDGED);
            seconds =
                    timing == Timing.SUSTAINED
                            ? records / found.sustained()
                            : (found.lastAppend() - FirstPoll.at()) / 1e3;
        }
        cluster.delete(job.output());
        return new Run(row.name(), round, records, seconds, cpu, brokerCpu, modelCpu);
    }

    private static void work(Row row, Job job) throws InterruptedException {
        try {
            row.work().run(job);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // a row throws what its clients throw
            throw new WrongOutputException(row.name() + " failed: " + e, e);
        }
    }

    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : 0;
    }
}
