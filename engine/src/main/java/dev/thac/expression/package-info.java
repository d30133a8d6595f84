/** CEL conditions and values, and text templates. */
@NullMarked
package dev.thac.expression;

import org.jspecify.annotations.NullMarked;
