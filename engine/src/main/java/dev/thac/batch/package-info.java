/** Gathers several events for one call. */
@NullMarked
package dev.thac.batch;

import org.jspecify.annotations.NullMarked;
