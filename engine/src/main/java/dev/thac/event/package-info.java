/** Words that cross stages: what flows, what becomes of it, and how it can fail. */
@NullMarked
package dev.thac.event;

import org.jspecify.annotations.NullMarked;
