/** Tiers from free to dear; an analysis stops at the first that is sure enough. */
@NullMarked
package dev.thac.cascade;

import org.jspecify.annotations.NullMarked;
