/** Status, alerts and estimates. */
@NullMarked
package dev.thac.observe;

import org.jspecify.annotations.NullMarked;
