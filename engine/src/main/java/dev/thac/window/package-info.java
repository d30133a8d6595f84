/** Windows and per-key history on Kafka Streams. */
@NullMarked
package dev.thac.window;

import org.jspecify.annotations.NullMarked;
