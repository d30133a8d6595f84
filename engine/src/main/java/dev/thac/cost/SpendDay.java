package dev.thac.cost;

import dev.thac.event.Money;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * What one run of a pipeline in one process has done and spent on one day, so far.
 *
 * @param pipeline the pipeline
 * @param day the day
 * @param zone whose midnight begins it
 * @param lines one for each tier and model, sorted
 * @param saved what was not spent, and why
 */
public record SpendDay(
        String pipeline, LocalDate day, ZoneId zone, List<SpendLine> lines, List<Saved> saved) {

    /** Copies the lists. */
    public SpendDay {
        lines = List.copyOf(lines);
        saved = List.copyOf(saved);
    }

    /**
     * What one analysis has not spent.
     *
     * @param analysis the analysis
     * @param cause why
     * @param amount how much, estimated; negative where it cost money
     */
    public record Saved(String analysis, Saving cause, Money amount) {}

    /**
     * What was spent.
     *
     * @return the sum over all lines
     */
    public Money total() {
        Money sum = Money.ZERO;
        for (SpendLine line : lines) {
            sum = sum.plus(line.total());
        }
        return sum;
    }
}
