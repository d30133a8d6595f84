/**
 * Benchmarks of the whole, on real topics of a real broker in a process of its own. {@link
 * dev.thac.bench.Main} is where they start, {@link dev.thac.bench.Rounds} is how they are timed and
 * checked; a {@code *Bench} class lists its rows.
 */
@NullMarked
package dev.thac.bench;

import org.jspecify.annotations.NullMarked;
