/** Events through a pipeline without Kafka: {@code thac test} and {@code thac try}. */
@NullMarked
package dev.thac.app.trial;

import org.jspecify.annotations.NullMarked;
