/** The lane: one thread that owns a consumer, a producer and the partition trackers. */
@NullMarked
package dev.thac.kafka;

import org.jspecify.annotations.NullMarked;
