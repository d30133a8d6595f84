/** Price book and budgets. */
@NullMarked
package dev.thac.cost;

import org.jspecify.annotations.NullMarked;
