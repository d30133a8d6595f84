/** Retry, breaker, limits and deadlines; knows no stage. */
@NullMarked
package dev.thac.resilience;

import org.jspecify.annotations.NullMarked;
