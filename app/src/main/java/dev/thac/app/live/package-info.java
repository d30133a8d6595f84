/** Pipelines that run in this process, and what is shown of them while they run. */
@NullMarked
package dev.thac.app.live;

import org.jspecify.annotations.NullMarked;
