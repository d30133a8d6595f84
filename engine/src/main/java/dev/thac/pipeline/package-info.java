/** One event on its way through all stages, from raw bytes to an outcome. */
@NullMarked
package dev.thac.pipeline;

import org.jspecify.annotations.NullMarked;
