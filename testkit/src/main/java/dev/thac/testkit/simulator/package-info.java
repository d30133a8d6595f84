/**
 * The model simulator: both wire formats of today's language model providers over real HTTP, with
 * settable latency, faults, limits and answers, and a bill of its own.
 *
 * <p>What comes out of it is simulated, and whoever shows its figures has to say so.
 */
@NullMarked
package dev.thac.testkit.simulator;

import org.jspecify.annotations.NullMarked;
