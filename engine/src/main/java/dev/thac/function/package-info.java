/** Functions called with batches of events. */
@NullMarked
package dev.thac.function;

import org.jspecify.annotations.NullMarked;
