/** Failures to retries and dead letters. */
@NullMarked
package dev.thac.recover;

import org.jspecify.annotations.NullMarked;
