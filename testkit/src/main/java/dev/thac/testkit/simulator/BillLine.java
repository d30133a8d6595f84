package dev.thac.testkit.simulator;

import java.time.LocalDate;

/**
 * One line of the simulator's bill.
 *
 * @param day the day on which the requests arrived
 * @param model the model id
 * @param bill what is billed
 */
public record BillLine(LocalDate day, String model, Stats.Model bill) {}
