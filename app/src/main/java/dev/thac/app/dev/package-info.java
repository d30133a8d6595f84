/** {@code thac dev}: a broker, models, events and a pipeline in one process. */
@NullMarked
package dev.thac.app.dev;

import org.jspecify.annotations.NullMarked;
