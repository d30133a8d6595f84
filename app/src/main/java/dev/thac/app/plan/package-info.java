/** What {@code thac plan} reads and prints. */
@NullMarked
package dev.thac.app.plan;

import org.jspecify.annotations.NullMarked;
