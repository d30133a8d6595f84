/** Where the model simulator's answers come from: a heuristic reader of texts, or a recording. */
@NullMarked
package dev.thac.testkit.answer;

import org.jspecify.annotations.NullMarked;
