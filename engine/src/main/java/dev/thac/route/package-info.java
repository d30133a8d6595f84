/** Outcomes to output records. */
@NullMarked
package dev.thac.route;

import org.jspecify.annotations.NullMarked;
