/** Counters, timers and gauges: all metric names and units in one place. */
@NullMarked
package dev.thac.meter;

import org.jspecify.annotations.NullMarked;
