/** Scores a pipeline's answers against labels, beside each of its models alone. */
@NullMarked
package dev.thac.app.eval;

import org.jspecify.annotations.NullMarked;
