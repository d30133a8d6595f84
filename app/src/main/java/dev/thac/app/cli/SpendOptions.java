package dev.thac.app.cli;

import dev.thac.app.cost.SpendRecords;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;
import dev.thac.cost.SpendDay;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.LocalDate;
import java.util.List;

/** Which days of spending a command is about. */
final class SpendOptions {

    @Option(
            names = "--since",
            paramLabel = "DAY",
            description = "From this day on, for example 2026-11-01.")
    private @Nullable LocalDate since;

    @Option(names = "--until", paramLabel = "DAY", description = "Up to this day, whole.")
    private @Nullable LocalDate until;

    /** Reads what is on record of these days. */
    List<SpendDay> read(KafkaAccess access, Terminal terminal) throws InterruptedException {
        SpendRecords records = SpendRecords.read(access);
        if (records.unreadable() > 0) {
            terminal.err()
                    .println(
                            Words.count(records.unreadable(), "record")
                                    + " of a newer version or of someone else left out");
        }
        return records.days().stream().filter(day -> holds(day.day())).toList();
    }

    boolean holds(LocalDate day) {
        return (since == null || !day.isBefore(since)) && (until == null || !day.isAfter(until));
    }
}
