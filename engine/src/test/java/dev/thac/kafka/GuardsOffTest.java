package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * The controls of {@link LaneSimulationTest}: each guard is taken out of a copy of the sources, one
 * at a time, and the simulation must find a seed in which a promise breaks.
 */
class GuardsOffTest {

    private static final int SEEDS = 1_000;
    @TempDir private Path directory;

    /** What is changed in the sources, by the guard of the reference that it takes out. */
    private enum Change {
        /** Offsets are taken later than the records. */
        G1_AND_G3_OFFSETS_OF_A_LATER_MOMENT(
                "CommitSet",
                "snapshot.toCommit());",
                "Snapshot.of(snapshot.tracker(), new Snapshot.Limits(1_000, Long.MAX_VALUE, 0,"
                        + " 0)).toCommit());"),
        /** Some finished outputs are left out of the transaction. */
        G3_OUTPUTS_LEFT_OUT(
                "ExactlyOnce",
                "set.forEach(entry -> send(entry, flight));",
                "set.forEach(entry -> { if (entry.offset % 2 == 0) send(entry, flight); });"),
        /** The highest offset seen is committed. */
        G2_THE_HIGHEST_OFFSET(
                "Snapshot",
                "base = head == null ? tracker.end() : head.offset;",
                "base =" + " tracker.position();"),
        /** Trackers outlive their assignment. */
        G4_NO_END_OF_AN_ASSIGNMENT("Assignment", "tracker.close();", ""),
        /** A partition that comes back has its old tracker. */
        G5_AND_G13_THE_OLD_TRACKER(
                "Assignment",
                "new PartitionTracker(partition, task.settings().order());",
                "left.stream().filter(t ->"
                        + " t.partition().equals(partition)).findFirst().orElseGet(() -> new"
                        + " PartitionTracker(partition, task.settings().order()));"),
        /** The map counts one offset too many as finished. */
        G6_THE_MAP_ENDS_ONE_LATER(
                "OffsetMap", "return bounds[2 * run + 1];", "return bounds[2 * run" + " + 1] + 1;"),
        /** A map whose checksum is wrong is believed. */
        G6_NO_CHECKSUM("OffsetMap", "crc(bytes, length) != readInt(bytes, length)", "false"),
        /** A rebalance in progress is an error. */
        G8_A_REBALANCE_ENDS_THE_LANE(
                "AtLeastOnce",
                "if (!(failure instanceof RebalanceInProgressException)) {",
                "if (failure instanceof RebalanceInProgressException e) { throw e; } else {"),
        /** A refused commit counts, exactly-once. */
        G9_A_REFUSED_TRANSACTION_COUNTS(
                "ExactlyOnce",
                "parts.listener().commit(false);",
                "open.set.confirm(parts.listener());"),
        /** A refused commit counts, at-least-once. */
        G9_A_REFUSED_COMMIT_COUNTS("AtLeastOnce", "if (failure == null) {", "if (true) {"),
        /** What is paused is not compared with what should be. */
        G11_NOTHING_IS_RESUMED(
                "Intake",
                "(wanted ? toPause : toResume).add(partition);",
                "if (wanted) toPause.add(partition);"),
        /** A counter leaks. */
        G12_A_COUNTER_LEAKS(
                "PartitionTracker",
                "            open--;\n        }\n        entry.state",
                "        }\n        entry.state"),
        /** Lost partitions are treated as revoked. */
        G14_LOST_IS_REVOKED(
                "Assignment",
                "        drop(partitions);\n        owner.lost();",
                "        onPartitionsRevoked(partitions);"),
        /** A map that is too long is dropped. */
        G15_A_LONG_MAP_IS_DROPPED(
                "Snapshot",
                "if (map.full()) {\n                return false;",
                "if (map.full()) {\n" + "                return true;"),
        /** No leader epoch is committed. */
        G20_NO_LEADER_EPOCH(
                "Snapshot",
                "leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch)",
                "Optional.empty()"),
        /** A commit that timed out is aborted. */
        G21_ABORT_AFTER_A_TIME_OUT("ExactlyOnce", "unanswered(open, e);", "abort(open, e);"),
        /** A refused record counts as written, at-least-once. */
        G22_A_REFUSED_RECORD_COUNTS("AtLeastOnce", "if (refusal == null) {", "if (true) {"),
        /** The events of a refused record count as written, exactly-once. */
        G22_A_REFUSED_RECORD_COUNTS_IN_A_TRANSACTION(
                "ExactlyOnce",
                "abort(open, refusal(open));",
                "abort(open, refusal(open)); open.set.confirm(parts.listener());"),
        /** What the callback brings is taken for all there is. */
        G23_THE_CALLBACK_IS_ALL(
                "Assignment",
                "        drop(partitions);\n        for (",
                "        drop(List.copyOf(trackers.keySet()));\n        for ("),
        /** Order is not kept. */
        ORDER_IS_IGNORED(
                "PartitionTracker", "order == Order.NONE ? null : new Turns(order)", "null"),
        /** Events are judged before the journal was read. */
        RECOVERY_IS_NOT_AWAITED(
                "PartitionTracker", "        recovered = false;", "        recovered = true;");

        private final String file;
        private final String from;
        private final String to;

        Change(String file, String from, String to) {
            this.file = file;
            this.from = from;
            this.to = to;
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void withoutAGuardSomeRunBreaksAPromise(Change change) throws Exception {
        ChangedPackage changed = new ChangedPackage(directory);
        changed.replace(change.file, change.from, change.to);

        assertThat(firstFailure(changed, SEEDS)).as("%s is noticed", change).isPositive();
    }

    /** What the controls are compared with: the same sources as they are, compiled the same way. */
    @Test
    void withAllGuardsNoRunBreaksAPromise() throws Exception {
        ChangedPackage same = new ChangedPackage(directory);
        for (String file : List.of("Assignment", "ExactlyOnce", "Snapshot")) {
            same.replace(file, "class", "class");
        }

        assertThat(firstFailure(same, SEEDS / 5)).isZero();
    }

    /** The first seed that fails; 0 when none does. */
    private static long firstFailure(ChangedPackage changed, int seeds) throws Exception {
        try (URLClassLoader loader = changed.load()) {
            Method run =
                    loader.loadClass(Simulation.class.getName())
                            .getDeclaredMethod("run", long.class);
            run.setAccessible(true);
            for (long seed = 1; seed <= seeds; seed++) {
                try {
                    run.invoke(null, seed);
                } catch (InvocationTargetException _) {
                    return seed;
                }
            }
            return 0;
        }
    }
}
