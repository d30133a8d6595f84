/** Whole pipelines: reading the file, starting, draining, stopping. */
@NullMarked
package dev.thac.runtime;

import org.jspecify.annotations.NullMarked;
