/** The tier that learns from the answers bought so far. */
@NullMarked
package dev.thac.learn;

import org.jspecify.annotations.NullMarked;
