/** Published doubles: the model simulator, the embedded broker and the guarantees. */
@NullMarked
package dev.thac.testkit;

import org.jspecify.annotations.NullMarked;
